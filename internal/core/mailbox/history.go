package mailbox

import (
	"encoding/binary"
	"errors"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// What a change touched and replaced: a list of records, each a letter and
// varints. New items need none: their ids are the change's numbers.
//
//	f item flags              the flags that were replaced
//	m item                    moved or deleted: the closed placement has the rest
//	n folder parent len name  the folder's place that was replaced
const (
	oldFlags = 'f'
	oldPlace = 'm'
	oldName  = 'n'
)

func appendOldPlaces(b []byte, items []ids.Item) []byte {
	for _, i := range items {
		b = binary.AppendUvarint(append(b, oldPlace), uint64(i))
	}
	return b
}

// touched returns the items that records name, appended to items.
func touched(items []ids.Item, old []byte) ([]ids.Item, error) {
	bad := errs.E("mailbox.touched", errs.Internal, errs.Mailbox, errors.New("a change's record is damaged"))
	next := func() uint64 {
		v, n := binary.Uvarint(old)
		if n <= 0 {
			n, old = 0, nil
		}
		old = old[n:]
		return v
	}
	for len(old) > 0 {
		kind := old[0]
		old = old[1:]
		switch kind {
		case oldFlags:
			items = append(items, ids.Item(next()))
			next()
		case oldPlace:
			items = append(items, ids.Item(next()))
		case oldName:
			next()
			next()
			n := next()
			if n > uint64(len(old)) {
				return nil, bad
			}
			old = old[n:]
		default:
			return nil, bad
		}
	}
	return items, nil
}

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
