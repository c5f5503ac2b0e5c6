// Package measure makes the numbers of one arm: who was right before and after, in each round and each agent, what became of answers, and what it cost.
//
// [Arm] is plain data that marshals to JSON; [Rows] fills it from what package compact kept. The questions are the clusters: every pool is flushed when one ends.
package measure

import (
	"cheaptalk/debate"
	"cheaptalk/reports/social"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/stats/resample"
	"cheaptalk/reports/verdicts"
)

// Arm is one row of the tables. Debates that failed are in Failed and nowhere else. One that only its primary judge failed to
// decide is in Failed, not in Debates and After, but what was said in it counts.
type Arm struct {
	Name        string `json:"name"`
	Simulated   bool   `json:"simulated,omitempty"`
	Independent bool   `json:"independent,omitempty"` // nobody ever heard anyone, and there is no round but 0
	Questions   int    `json:"questions"`
	Debates     int    `json:"debates"` // n: not failed
	Failed      int    `json:"failed"`
	Unreadable  int    `json:"unreadable"` // group answers, among Debates, that could not be read or were not given
	Agents      int    `json:"agents"`     // the largest team

	Single     stats.Rate `json:"single"`      // round-0 answers of all agents
	BestSingle stats.Rate `json:"best_single"` // a bound: on each question the agent that did best on all the others, ties to the first in the team
	Oracle     stats.Rate `json:"oracle"`      // a bound: some round-0 answer was right
	Before     stats.Rate `json:"before"`      // the vote over round 0: the verdict of the judge "round-0 vote", else the plurality
	BeforeTied int        `json:"before_tied"`
	// Primary names the judge that decides the arm, the first of its verdicts; "" where the arm has no judge. Several arms
	// have several names only when records of different designs were mixed; then it is the first met.
	Primary string     `json:"primary,omitempty"`
	After   stats.Rate `json:"after"`
	Tied    int        `json:"tied"` // primary verdicts that were tied
	// WorstCase and BestCase are the accuracies that After would be were all failed debates wrong, or right.
	WorstCase float64 `json:"worst_case"`
	BestCase  float64 `json:"best_case"`

	Change          stats.Difference `json:"change"`            // After minus Before
	Decision        Decision         `json:"decision,omitzero"` // what Change lets one decide
	SelfConsistency Baseline         `json:"self_consistency,omitzero"`
	SameJudge       SameJudge        `json:"same_judge,omitzero"`
	OracleGap       stats.Difference `json:"oracle_gap"` // Oracle minus After

	// Changed counts the debates whose group answer after differs from the one before; Worse and Better those of them that
	// left or reached the right answer.
	Changed int `json:"changed"`
	Worse   int `json:"worse"`
	Better  int `json:"better"`

	// Recovery, MinorityCorrection and MajorityLoss tell what became of the vote: right after given not right before; the same
	// given also that some agent was right; not right after given right before.
	Recovery           stats.Rate `json:"majority_wrong_recovery"`
	MinorityCorrection stats.Rate `json:"minority_correction"`
	MajorityLoss       stats.Rate `json:"majority_loss"`

	Revisions Revisions `json:"revisions"`
	// Readers is the largest number of peers that one reviser had read.
	Readers int      `json:"readers"`
	Rounds  []Round  `json:"rounds"`
	Members []Member `json:"members"`
	// Conformity, Peers, Influence and Sway tell how agents met the answers of others; Apart tells that from changes that come by themselves.
	Conformity []social.Agreeing `json:"conformity,omitempty"`
	Peers      []social.Peers    `json:"peers,omitempty"`
	Influence  social.Influence  `json:"influence,omitzero"`
	Sway       []social.Sway     `json:"sway,omitempty"`
	Apart      social.Apart      `json:"apart,omitzero"`
	Judges     []verdicts.Judge  `json:"judges,omitempty"`

	Cost Cost `json:"cost"`
}

// Revisions tells what became of agents' answers from one reply to the next.
type Revisions struct {
	Matrix     debate.Matrix `json:"matrix"`
	Harmful    stats.Rate    `json:"harmful"`    // correct to incorrect, of all correct
	Beneficial stats.Rate    `json:"beneficial"` // incorrect to correct, of all incorrect
	Lost       stats.Rate    `json:"lost"`       // readable to unreadable, of all readable
	BreakEven  BreakEven     `json:"break_even,omitzero"`
}

// BreakEven says whether revisions gain as many right answers as they lose. With accuracy a among the answers that are revised, mean accuracy
// changes by (1-a) P(I→C) - a P(C→I), and so it stays as it is where P(I→C) / P(C→I) = a / (1-a). I is here every answer that is not right, unreadable ones
// too, so that the identity is exact. The zero BreakEven says that there were no right answers, or no others.
type BreakEven struct {
	Needed float64 `json:"needed"`          // a / (1-a)
	Ratio  float64 `json:"ratio,omitempty"` // P(I→C) / P(C→I); above Needed, accuracy rises. 0 where nothing right was lost: see the counts
}

// Round is the state of the debates after one round. An agent that no longer speaks keeps its last answer, so that every
// round has the same debates.
type Round struct {
	Round     int        `json:"round"`
	Debating  int        `json:"debating"` // debates in which anyone was asked
	Asked     int        `json:"asked"`    // agents that were
	Mean      stats.Rate `json:"mean"`     // the agents' standing answers
	Vote      stats.Rate `json:"vote"`     // their plurality; in round 0 it is Arm.Before
	Oracle    stats.Rate `json:"oracle"`
	Consensus stats.Rate `json:"consensus"` // all agents stand by one and the same readable answer
	// Unreadable counts those of the standing answers, among Mean.N, that could not be read.
	Unreadable int `json:"unreadable"`
	// Entropy is the mean entropy of the readable standing answers in nats: 0 is agreement.
	Entropy float64 `json:"entropy"`
	// Distinct is the mean number of distinct readable standing answers, Agreement the mean share of them that the most frequent one has.
	Distinct   float64    `json:"distinct"`
	Agreement  float64    `json:"agreement"`
	Confidence Confidence `json:"confidence,omitzero"` // of the replies of this round
	// Votes tells how far the agents err together; of round 0 and the last round alone.
	Votes     stats.Votes `json:"votes,omitzero"`
	Revisions Revisions   `json:"revisions"` // made in this round; empty in round 0
}

// Member is one agent of an arm.
type Member struct {
	Name      string     `json:"name"`
	Single    stats.Rate `json:"single"` // round 0
	Final     stats.Rate `json:"final"`  // the answer it stands by at the end
	Revisions Revisions  `json:"revisions"`
	// First and Last tell how its stated confidence in round 0 and at the end fares. Unreadable answers are left out.
	First Confidence `json:"first_confidence,omitzero"`
	Last  Confidence `json:"last_confidence,omitzero"`
}

// Confidence tells how stated confidence fares against the key.
type Confidence struct {
	N        int     `json:"n"`        // answers stated with a confidence
	Mean     float64 `json:"mean"`     // of the stated confidence
	Accuracy float64 `json:"accuracy"` // of those answers
	ECE      float64 `json:"ece"`      // expected calibration error, ten bins
	Brier    float64 `json:"brier"`
	// Bins make the reliability diagram.
	Bins []stats.Bin `json:"bins,omitempty"`
}

// Baseline is self-consistency at an equal number of calls: the vote over the first Samples replies of an
// independent arm (Wang et al. 2023, arXiv 2203.11171). The zero Baseline was not run.
type Baseline struct {
	Arm     string `json:"arm"`     // where the replies are from
	Samples int    `json:"samples"` // the arm's mean calls a debate, rounded up
	// Rate is over the cases that both arms have.
	Rate stats.Rate       `json:"rate"`
	Gain stats.Difference `json:"gain"` // the arm's After minus Rate
}

// Run reports whether there was an arm to take the baseline from.
func (b Baseline) Run() bool { return b.Rate.N > 0 }

// SameJudge is what the primary judge of an arm decides where nobody talks: over the answers of an independent arm with the same team, which has that judge too.
// Where a judge decides otherwise than the vote before, Change is what judge and talk do together, and Talk what talk does. The zero SameJudge says that
// no arm tells; one of an Arm alone, that the judge decides there as the vote does.
type SameJudge struct {
	Arm  string           `json:"arm"`           // whose answers
	Rate stats.Rate       `json:"rate,omitzero"` // of the judge over them, on the cases that both arms finished
	Talk stats.Difference `json:"talk,omitzero"` // the arm's After minus Rate
}

// Cost is the mean cost of one debate, the primary judge included.
type Cost struct {
	Calls            float64 `json:"calls"` // replies asked for; a reply that another arm had paid for counts too
	PromptTokens     float64 `json:"prompt_tokens"`
	CompletionTokens float64 `json:"completion_tokens"`
}

// Decision is what a paired difference lets one decide, and what it would take to decide more.
type Decision struct {
	// Odds is the effect size: discordant pairs for it over those against it. It is nil without discordant pairs.
	Odds *stats.Odds `json:"odds_ratio,omitempty"`
	// Bootstrap is a second interval of the difference, BCa over questions, which assumes no distribution; zero where questions do not vary.
	Bootstrap   resample.Interval `json:"bootstrap,omitzero"`
	Equivalence stats.Equivalence `json:"equivalence"`
	Questions   int               `json:"questions"` // on which the difference rests
	// Detectable is the smallest difference that as many pairs would find with a power of 80 %, at the discordance seen; 0 where there is none.
	Detectable float64 `json:"detectable,omitempty"`
	// Needed is how many questions, of as many debates each, would find a difference as large as the one seen with a power of 80 % (Connor 1987);
	// 0 where the difference seen is 0: no number would.
	Needed float64 `json:"questions_needed,omitempty"`
}

// More returns how many further questions would decide whether a difference as large as the one seen is real. ok is false where none would, or where it is decided.
func (d Decision) More() (questions float64, ok bool) {
	return d.Needed - float64(d.Questions), d.Needed > float64(d.Questions)
}
