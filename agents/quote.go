package agents

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// peer is a message as its reader is shown it.
type peer struct {
	Number int    // from 1; stable over the rounds of one debate for one reader, except among solutions, which are counted
	Text   string // what the peer said, between two fences
	Weight string // " (confidence 80%)", or "" when confidence is hidden
}

// emptyReply stands for a text that is empty: servers refuse an empty message, and a reader should know.
const emptyReply = "(empty reply)"

// hear shows messages about a question to a reader.
func hear(q debate.Question, heard []debate.Message, brief debate.Brief, number func(from string) int) []peer {
	peers := make([]peer, 0, len(heard))
	for i, m := range heard {
		p := peer{Number: number(m.From), Text: fence(extract.HideConfidence(q, m.Text))}
		if brief.Task == debate.Aggregate {
			p.Number = i + 1
		}
		if brief.Confidence != "" {
			p.Weight = " (no confidence stated)"
			if m.Confidence.Stated {
				p.Weight = fmt.Sprintf(" (confidence %s)", percent(brief.Confidence.Weight(m.Confidence)))
			}
		}
		peers = append(peers, p)
	}
	return peers
}

// percent writes a weight in [0,1] as "80%" or "99.5%".
func percent(w float64) string {
	return strconv.FormatFloat(math.Round(w*1000)/10, 'f', -1, 64) + "%"
}

// fence puts a text between two runs of backticks longer than any in it, three at least, as in the prompts of Du et al. (2023).
// A text cannot close its fence, so whatever it says, another agent's header for example, is seen to be part of it.
func fence(text string) string {
	if text == "" {
		text = emptyReply
	}
	longest, run := 0, 0
	for _, c := range text {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	if text[0] == '`' { // or it would run into the fence
		text = "\n" + text
	}
	if text[len(text)-1] == '`' {
		text += "\n"
	}
	f := strings.Repeat("`", max(3, longest+1))
	return f + text + f
}
