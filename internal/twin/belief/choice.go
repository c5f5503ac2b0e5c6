package belief

import (
	"math"

	"cheaptalk/agents/simulated"
	"cheaptalk/debate"
	"cheaptalk/internal/twin/difficulty"
)

// Coefficients are the parameters of the choice model that one step depends on, each on its own scale; package simulated has their meaning.
type Coefficients struct {
	Own, Peer, First, Confidence, Prior, Novelty, Redraw, Unanimity, CritiqueOwn, CritiqueDiscount, Loss, Pull float64
}

// Count is the number of coefficients.
const Count = 12

// Names returns the names of the coefficients among the parameters of simulated agents, in the order of Fields. Those that start with a dot
// belong to a data set.
func Names() [Count]string {
	return [...]string{"own_weight", "peer_weight", "first_weight", "confidence_weight", "prior_weight", "new_answer", "redraw", "unanimity",
		"critique_own", "critique_discount", ".loss", ".pull"}
}

// Fields returns where each coefficient is.
func (x *Coefficients) Fields() [Count]*float64 {
	return [...]*float64{&x.Own, &x.Peer, &x.First, &x.Confidence, &x.Prior, &x.Novelty, &x.Redraw, &x.Unanimity, &x.CritiqueOwn, &x.CritiqueDiscount,
		&x.Loss, &x.Pull}
}

// Situation is what a choice depends on beside the coefficients. Many steps are in the same one.
type Situation struct {
	Set     int // index of the data set in the stage before
	Pattern int // what the independent answers say of the difficulty; see Evidence.Known
	task    debate.Task
	table   []place
	key     int     // index of the key in the table, or -1
	room    bool    // some answer is not on the table
	kappa   float64 // κ, the share of wrong answers that fall on the most tempting one
	rest    float64 // the share of each other one
	history History
}

// place is an answer on the table, whatever it says.
type place struct {
	heard, sure float64
	first       bool
}

// Outcomes returns the number of things that may happen: an answer on the table is chosen, or a new one if there is any.
func (s *Situation) Outcomes() int {
	if s.room {
		return len(s.table) + 1
	}
	return len(s.table)
}

// Choice computes the probabilities of the outcomes of one situation, and their derivatives. It has room that is used again, and belongs
// to one goroutine.
type Choice struct {
	fresh    fresh
	fixed    []float64      // the part of the utilities that does not depend on the belief
	slopes   []Coefficients // of the utilities
	belief   []float64
	byKnown  []float64      // dbelief/dp
	soft     []float64      // softmax of the utilities
	chance   []float64      // P
	Gradient []Coefficients // of P by the coefficients, by outcome; see Probabilities
}

func (c *Choice) resize(n int) {
	if cap(c.soft) < n {
		c.fixed, c.belief, c.byKnown, c.soft, c.chance = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		c.slopes, c.Gradient = make([]Coefficients, n), make([]Coefficients, n)
	}
	c.fixed, c.belief, c.byKnown, c.soft, c.chance = c.fixed[:n], c.belief[:n], c.byKnown[:n], c.soft[:n], c.chance[:n]
	c.slopes, c.Gradient = c.slopes[:n], c.Gradient[:n]
	clear(c.chance)
	clear(c.Gradient)
}

// fresh is the probability of answering anew in one situation, and its derivatives by the redraw rate and by unanimity.
type fresh struct{ value, byRedraw, byUnanimity float64 }

// unanimous reports whether some answer was heard and all of them are the own one.
func (s *Situation) unanimous() bool { return len(s.table) == 1 && s.table[0].heard > 0 }

// anew returns the probability of answering anew: where all agree, unanimity is added to its logit.
func (x *Coefficients) anew(s *Situation) fresh {
	if !s.unanimous() {
		return fresh{x.Redraw, 1, 0}
	}
	v := simulated.Logit.Value(simulated.Logit.Free(x.Redraw) + x.Unanimity)
	steep := v * (1 - v)
	return fresh{v, steep / max(x.Redraw*(1-x.Redraw), difficulty.Sliver), steep}
}

// weigh fills in the part of the utilities that does not depend on the belief, and its derivatives, and the probability of answering anew.
func (c *Choice) weigh(s *Situation, x *Coefficients) {
	c.fresh = x.anew(s)
	critique, kept := 0.0, 1.0
	if s.task == debate.Critique {
		critique, kept = 1, 1-x.CritiqueDiscount
	}
	for k := range c.fixed {
		if k == len(s.table) {
			c.fixed[k], c.slopes[k] = math.Log(x.Novelty), Coefficients{Novelty: 1 / x.Novelty}
			continue
		}
		o := &s.table[k]
		heard := o.heard + x.Confidence*o.sure // Σ c_j
		d := Coefficients{Peer: kept * heard, Confidence: x.Peer * kept * o.sure, CritiqueDiscount: -critique * x.Peer * heard}
		if k == 0 {
			d.Own, d.CritiqueOwn = 1, critique
		}
		if o.first {
			d.First = 1
		}
		if k == s.key {
			d.Pull = 1
		}
		c.slopes[k] = d
		c.fixed[k] = d.Own*x.Own + d.CritiqueOwn*x.CritiqueOwn + d.Peer*x.Peer + d.First*x.First + d.Pull*x.Pull
	}
}

// believe fills in the belief of an agent that knows the answer with probability p where the tempting wrong answer is the w-th on the table, or
// none of these when w is their number.
func (c *Choice) believe(s *Situation, p float64, w int) {
	off := 1.0
	for k := range s.table {
		share := s.rest
		switch k {
		case s.key:
			c.belief[k], c.byKnown[k] = p, 1
			continue
		case w:
			share = s.kappa
		}
		c.belief[k], c.byKnown[k] = (1-p)*share, -share
		off -= share
	}
	if s.room {
		off = max(off, 0)
		n := len(s.table)
		c.belief[n], c.byKnown[n] = (1-p)*off, -off
		if s.key < 0 {
			c.belief[n], c.byKnown[n] = p+(1-p)*off, 1-off
		}
	}
}

// Probabilities returns the probability of each outcome given that the reply can be read,
//
//	P(k) = E[ s b(k) + (1-s) exp U(k) / Σ exp U ],
//
// the expectation being over the difficulty and the tempting wrong answer given what was said in the debate so far: known holds p(d; δ) in
// the parts of the difficulty, slope its derivative by δ. The derivatives of P are in c.Gradient then, unless slope is nil.
// The result is good until the next call.
func (c *Choice) Probabilities(s *Situation, x *Coefficients, known, slope []float64) []float64 {
	c.resize(s.Outcomes())
	c.weigh(s, x)
	for i, weight := range s.history {
		if weight == 0 {
			continue
		}
		part, w := i%parts, i/parts
		c.believe(s, known[part], w)
		c.softmax(x.Prior)
		c.collect(x, weight, slope, part)
	}
	return c.chance
}

// softmax fills in the chances of an agent that does not answer anew.
func (c *Choice) softmax(prior float64) {
	top := math.Inf(-1)
	for k, b := range c.belief {
		c.slopes[k].Prior = math.Log(max(b, difficulty.Sliver))
		c.soft[k] = c.fixed[k] + prior*c.slopes[k].Prior
		top = max(top, c.soft[k])
	}
	sum := 0.0
	for k, u := range c.soft {
		c.soft[k] = math.Exp(u - top)
		sum += c.soft[k]
	}
	for k := range c.soft {
		c.soft[k] /= sum
	}
}

// collect adds one part of the expectation, of that weight, to the probabilities and their derivatives.
func (c *Choice) collect(x *Coefficients, weight float64, slope []float64, part int) {
	anew := c.fresh.value
	if slope == nil {
		for k, q := range c.soft {
			c.chance[k] += weight * (anew*c.belief[k] + (1-anew)*q)
		}
		return
	}
	var mean Coefficients // of the derivatives of U under the softmax
	for k, q := range c.soft {
		if c.slopes[k].Loss = 0; c.belief[k] > difficulty.Sliver {
			c.slopes[k].Loss = x.Prior * c.byKnown[k] / c.belief[k] * slope[part]
		}
		mean.add(&c.slopes[k], q)
	}
	for k, q := range c.soft {
		c.chance[k] += weight * (anew*c.belief[k] + (1-anew)*q)
		g := &c.Gradient[k]
		g.add(&c.slopes[k], weight*(1-anew)*q)
		g.add(&mean, -weight*(1-anew)*q)
		g.Redraw += weight * (c.belief[k] - q) * c.fresh.byRedraw
		g.Unanimity += weight * (c.belief[k] - q) * c.fresh.byUnanimity
		g.Loss += weight * anew * c.byKnown[k] * slope[part]
	}
}

// add adds y times a factor.
func (x *Coefficients) add(y *Coefficients, factor float64) {
	x.Own += factor * y.Own
	x.Peer += factor * y.Peer
	x.First += factor * y.First
	x.Confidence += factor * y.Confidence
	x.Prior += factor * y.Prior
	x.Novelty += factor * y.Novelty
	x.CritiqueOwn += factor * y.CritiqueOwn
	x.CritiqueDiscount += factor * y.CritiqueDiscount
	x.Loss += factor * y.Loss
	x.Pull += factor * y.Pull
}
