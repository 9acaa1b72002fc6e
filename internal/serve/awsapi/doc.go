// Package awsapi is the head of the administration API: AWS JSON 1.1 at POST /,
// WorkMail's operations under their own names and Postroom's beside them
// (api/, model/). It authenticates a call by Signature Version 4 or by the
// console's session cookie, decides by role and organization, reads and checks
// the input, calls core, and answers in the SDK's structs.
//
// It refuses to hold a rule of the product, to open a Write, and to let a
// sensitive member into a log, an error or the audit log.
package awsapi
