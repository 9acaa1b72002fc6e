// Package pack keeps the bodies of mail in packs: append-only files of a folder
// (OpenDir) or objects of an S3 bucket (OpenS3), both a mailbox.Packs. It cuts a
// content into frames, compresses and seals them, shares one fsync or PUT among
// the Puts that run together, and reads any range by opening only its frames.
//
// It refuses to know who owns a body, which body lives, and how its key is kept:
// that is in the rows. It never writes into bytes that were answered for, never
// uses a pack number twice, and after a failed fsync it never accepts again.
package pack
