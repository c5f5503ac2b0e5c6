package pace

import "math"

// window is how many attempts may be in flight, by additive increase and multiplicative decrease (Chiu, Jain 1989, "Analysis of the
// increase and decrease algorithms for congestion avoidance in computer networks"), with the two refinements of TCP that make it useful:
// it starts fast (Jacobson 1988, "Congestion avoidance and control"), and after an overload it returns fast to
// where that happened, stays near it for long, and goes on faster beyond it (the shape of CUBIC: Ha, Rhee, Xu 2008; RFC 9438).
// Plain additive increase would use three quarters of a server that refuses strictly.
type window struct {
	size  float64 // its whole part counts; at least 1
	most  float64
	best  float64 // how many were in flight when the server was last overloaded; +Inf when it never was
	epoch int     // number of overloads
}

// firstWindow is the size to start from when the user gives none.
const firstWindow = 16

// plateau is by how many rounds of the window it takes to grow by one near best.
const plateau = 8

func newWindow(l Limits) window {
	w := window{size: float64(l.connections()), most: float64(l.connections()), best: math.Inf(1)}
	if l.MaxConnections == 0 {
		w.size = firstWindow
	}
	return w
}

func (w *window) limit() int { return int(w.size) }

// grow is called after each success while the window is full.
func (w *window) grow() {
	switch {
	case w.size < 0.9*w.best:
		w.size = min(w.size+1, 0.9*w.best)
	case w.size < 1.1*w.best:
		w.size += 1 / (plateau * w.size)
	default:
		w.size += 1 / w.size
	}
	w.size = min(w.size, w.most)
}

// halve is called when the server is overloaded by so many attempts in flight. The attempts that were on their way then belong to
// the epoch that it ends: their failures say nothing new.
func (w *window) halve(inFlight int) {
	w.best = min(w.size, float64(inFlight))
	w.size = max(1, w.best/2)
	w.epoch++
}
