package pack

// Waiting is the count of contents in the appender's queue.
func (f *Files) Waiting() int { return len(f.queue) }

// Letter is text of n bytes that compresses about as mail does.
func Letter(n int) []byte { return letter(n) }
