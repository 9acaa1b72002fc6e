package mime

import (
	"fmt"
	"strings"
	"testing"
)

// A header of many folded lines ends where its empty line is, and late fields count.
func TestLongHeaderKeepsItsEnd(t *testing.T) {
	var to strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&to, " user%04d@x.test,\r\n", i)
	}
	for name, head := range map[string]string{
		"folded": "To:" + to.String() + " last@x.test\r\n",
		"fields": strings.Repeat("X-H: v\r\n", 1100),
		"bytes":  "X-Big: " + strings.Repeat("x", 200) + "\r\n" + strings.Repeat("X-H: "+strings.Repeat("y", 100)+"\r\n", 3000),
	} {
		text := head + "From: boss@x.test\r\nSubject: all hands\r\nContent-Type: text/html\r\n\r\n<b>hello</b>\r\n"
		msg, err := ReadMessage(strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		if got := text[msg.Root.BodyStart:msg.Root.BodyEnd]; got != "<b>hello</b>\r\n" {
			t.Errorf("%s: the text is %.60q", name, got)
		}
		if name != "bytes" && (msg.Subject != "all hands" || msg.Root.Subtype != "html" || len(msg.Envelope().From) != 1) {
			t.Errorf("%s: subject %q, type %s", name, msg.Subject, msg.Root.MediaType())
		}
	}
}
