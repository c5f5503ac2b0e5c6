package reports

import (
	"encoding/json"
	"io"

	"cheaptalk/debate"
	"cheaptalk/reports/failures"
	"cheaptalk/reports/stats"
)

// Report is the analysis of a run. It holds no NaN and no infinity, so it always marshals.
type Report struct {
	Name      string  `json:"name,omitempty"`
	Level     float64 `json:"level"`               // of every interval, 0.95 for example
	Simulated bool    `json:"simulated,omitempty"` // some debate had a simulated agent; Arm.Simulated says where
	Overall   Section `json:"overall"`
	// Sets holds one section for each data set, sorted, when there are several; else it is empty.
	Sets []Section `json:"sets,omitempty"`
	// Failures sorts what went wrong, the most frequent kind first. It is empty when nothing did.
	Failures []failures.Kind `json:"failures,omitempty"`
}

// Section is the analysis of some of the questions: all of them, or those of one data set.
type Section struct {
	Set       string `json:"set,omitempty"` // the data set; "" in Report.Overall
	Questions int    `json:"questions"`
	Arms      []Arm  `json:"arms"`
	// Comparisons holds every arm against the independent arm with the fewest agents, and every debating arm against the one
	// named "naive"; without either, every arm against the first. Options.Reference takes the place of all that. P values are Holm-adjusted within a reference.
	Comparisons []Comparison `json:"comparisons,omitempty"`
}

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

	Change          stats.Difference `json:"change"` // After minus Before
	SelfConsistency Baseline         `json:"self_consistency,omitzero"`
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
	// Swayed is the share of harmful revisions by an agent whose peers, as far as it read them, all held one same wrong answer.
	Swayed stats.Rate `json:"swayed"`
	// Readers is the largest number of peers that one reviser had read.
	Readers    int          `json:"readers"`
	Rounds     []Round      `json:"rounds"`
	Members    []Member     `json:"members"`
	Conformity []Conformity `json:"conformity,omitempty"`
	Judges     []Judge      `json:"judges,omitempty"`

	Cost Cost `json:"cost"`
}

// Revisions tells what became of agents' answers from one reply to the next.
type Revisions struct {
	Matrix     debate.Matrix `json:"matrix"`
	Harmful    stats.Rate    `json:"harmful"`    // correct to incorrect, of all correct
	Beneficial stats.Rate    `json:"beneficial"` // incorrect to correct, of all incorrect
	Lost       stats.Rate    `json:"lost"`       // readable to unreadable, of all readable
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
	// Entropy is the mean entropy of the readable standing answers in nats: 0 is agreement.
	Entropy   float64   `json:"entropy"`
	Revisions Revisions `json:"revisions"` // made in this round; empty in round 0
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
}

// Conformity is how often correct answers turned incorrect when that many of the peers that were read held the correct one too.
type Conformity struct {
	Agreeing int        `json:"agreeing"`
	Harmful  stats.Rate `json:"harmful"`
}

// Judge is how one judge decided the debates of an arm. All but the primary are exploratory.
type Judge struct {
	Name      string     `json:"name"`
	Primary   bool       `json:"primary,omitempty"`
	Rate      stats.Rate `json:"rate"`
	Tied      int        `json:"tied"`
	Abstained int        `json:"abstained"` // gave no answer: counted as unreadable in Rate
	Failed    int        `json:"failed"`    // could not decide: not in Rate
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

// Cost is the mean cost of one debate, the primary judge included.
type Cost struct {
	Calls            float64 `json:"calls"` // replies asked for; a reply that another arm had paid for counts too
	PromptTokens     float64 `json:"prompt_tokens"`
	CompletionTokens float64 `json:"completion_tokens"`
}

// Comparison is one arm against another on the cases that both have: their primary verdicts, or the vote over round 0 for an
// arm without a judge.
type Comparison struct {
	Reference  string           `json:"reference"`
	Arm        string           `json:"arm"`
	Difference stats.Difference `json:"difference"` // Arm minus Reference
	Holm       float64          `json:"holm"`       // Difference.P adjusted for the arms with the same reference
}

// Find returns the arm of that name, or nil.
func (s *Section) Find(arm string) *Arm {
	for i := range s.Arms {
		if s.Arms[i].Name == arm {
			return &s.Arms[i]
		}
	}
	return nil
}

// Sections returns the overall section followed by those of the data sets.
func (r *Report) Sections() []*Section {
	sections := []*Section{&r.Overall}
	for i := range r.Sets {
		sections = append(sections, &r.Sets[i])
	}
	return sections
}

// WriteJSON writes the report as indented JSON, the same bytes for the same report.
func (r *Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}
