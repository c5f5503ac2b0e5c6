// Package moments fits parameters of simulated agents to moments, the means of what debates show.
//
// It is the method of simulated moments (McFadden 1989, Econometrica 57, 995-1026; Pakes and Pollard 1989, Econometrica 57, 1027-1057).
// A published figure m_i is a moment: the mean of something that a debate shows. With θ the unconstrained parameters ([Knob]), s(θ) the
// same means over simulated debates, Σ the covariance of the figures and N(μ, D) what is held of θ beforehand, θ minimises
//
//	L(θ) = (s(θ) - m)ᵀ Σ⁻¹ (s(θ) - m) + (θ - μ)ᵀ D⁻¹ (θ - μ)
//
// The debates meet the same questions and the same luck whatever θ is (common random numbers), so that L is a function of θ alone. The second
// term is there because papers print few figures: it holds back what they leave open. It is the same for all models, so it says nothing about
// any of them.
//
// With J the Jacobian of s at the minimum, S the covariance of the simulated means and B = (JᵀΣ⁻¹J + D⁻¹)⁻¹, the covariance of θ is
//
//	B ( JᵀΣ⁻¹ (Σ+S) Σ⁻¹J + D⁻¹ ) B
//
// It holds if the model is right. Where a residual is of many standard errors it is not, and the profile file says so.
package moments
