package compact

import "errors"

// arena keeps bytes. It grows by chunks, so that a million debates are not copied whenever it is full. The zero arena is empty.
type arena struct{ chunks [][]byte }

// chunkBits is the binary logarithm of the size of a chunk, in bytes: with 32 bits an address reaches 4 GB.
const chunkBits = 20

// add keeps a copy of b and returns where it is.
func (a *arena) add(b []byte) (at uint32, err error) {
	if len(b) > 1<<chunkBits {
		return 0, errors.New("more answers than a megabyte holds in one debate")
	}
	last := len(a.chunks) - 1
	if last < 0 || len(a.chunks[last])+len(b) > 1<<chunkBits {
		if last++; last == 1<<(32-chunkBits) {
			return 0, errors.New("more than 4 GB of answers in one arm: report on parts of the run")
		}
		a.chunks = append(a.chunks, nil)
	}
	at = uint32(last<<chunkBits | len(a.chunks[last]))
	a.chunks[last] = append(a.chunks[last], b...)
	return at, nil
}

// from returns the bytes from an address on, to the end of their chunk.
func (a *arena) from(at uint32) []byte { return a.chunks[at>>chunkBits][at&(1<<chunkBits-1):] }
