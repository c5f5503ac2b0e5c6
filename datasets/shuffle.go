package datasets

import (
	"regexp"

	"cheaptalk/debate"
)

// referring matches a choice that speaks of other choices by their place: "All of the above", "None of these",
// "Both A and B", "(A) and (C)". It is meant to be wide: a question left in its order does no harm.
var referring = regexp.MustCompile(`(?i:\bthe (?:above|below)\b|` +
	`\b(?:all|any|both|either|neither|none) (?:of )?(?:the )?(?:above|below|these|those|options?|choices?|answers?)\b)|` +
	`\b[A-J]\)?,? (?:and|or|nor|&) \(?[A-J]\b`)

// ShuffleChoices permutes the choices of a question and moves the key along, by index, so that choices with the same text
// stay apart. The permutation depends on seed and the question's ID alone, and on nothing of the run or of other items.
//
// Numbers, open questions and questions with a choice that speaks of the others by their place ("All of the above",
// "Both A and B") are returned as they are.
func ShuffleChoices(item debate.Item, seed uint64) debate.Item {
	q := item.Question
	right := q.ChoiceIndex(item.Key)
	if q.Kind != debate.Choice || right < 0 {
		return item
	}
	for _, choice := range q.Choices {
		if referring.MatchString(choice) {
			return item
		}
	}
	order := debate.NewRand(seed, "choices", q.ID).Perm(len(q.Choices))
	choices := make([]string, len(order))
	for to, from := range order {
		choices[to] = q.Choices[from]
		if from == right {
			item.Key = debate.Letter(to)
		}
	}
	item.Question.Choices = choices
	return item
}
