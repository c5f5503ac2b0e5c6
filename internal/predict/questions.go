package predict

import (
	"strconv"

	"cheaptalk/debate"
)

// Names of the data sets that stand for the abilities of a profile on all sets that it has none of its own for.
const (
	AnyChoice = "choice"
	AnyNumber = "number"
)

// Questions returns n simulated questions of a data set, numbered on from first. They have no text: all that a simulated agent knows of a
// question follows from its ID, its key and its number of choices; 0 choices make it a question for a number.
func Questions(set string, choices, first, n int) []debate.Item {
	items := make([]debate.Item, n)
	for i := range items {
		id := set + "/" + strconv.Itoa(first+i)
		r := debate.NewRand(0, "simulated question", id)
		item := debate.Item{Question: debate.Question{ID: id, Kind: debate.Number}}
		if choices > 0 {
			item.Question.Kind, item.Question.Choices = debate.Choice, make([]string, choices)
			item.Key = debate.Letter(r.IntN(choices))
		} else {
			item.Key = debate.Answer(strconv.Itoa(100 + r.IntN(900))) // large enough that no two near misses are the same
		}
		items[i] = item
	}
	return items
}
