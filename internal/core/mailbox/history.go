package mailbox

import (
	"encoding/binary"

	"postroom/internal/base/ids"
)

// The old values of a change: a list of records, each a letter and varints.
//
//	f item flags         the flags that were replaced
//	n folder parent name the folder's place that was replaced
const (
	oldFlags = 'f'
	oldName  = 'n'
)

func appendOldFlags(b []byte, e Entry) []byte {
	b = append(b, oldFlags)
	b = binary.AppendUvarint(b, uint64(e.Item))
	return binary.AppendUvarint(b, uint64(e.Flags))
}

func appendOldName(b []byte, folder, parent ids.Folder, name string) []byte {
	b = append(b, oldName)
	b = binary.AppendUvarint(b, uint64(folder))
	b = binary.AppendUvarint(b, uint64(parent))
	b = binary.AppendUvarint(b, uint64(len(name)))
	return append(b, name...)
}
