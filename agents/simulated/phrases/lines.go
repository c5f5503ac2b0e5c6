package phrases

import "cheaptalk/debate"

// scene is what happened in a turn, as far as words go.
type scene uint8

const (
	alone       scene = iota // answers for itself
	computed                 // answers for itself, with a number
	checked                  // kept its answer, having heard nobody
	doubted                  // changed its answer on its own
	agreed                   // kept its answer, nobody disagreeing
	withstood                // kept its answer against others, and nobody shares it
	sided                    // kept its answer against others, and some peer shares it
	joined                   // took one peer's answer, having had another
	outvoted                 // took an answer that several peers hold, having had another
	followed                 // took a peer's answer as its first
	scrutinised              // kept its answer under a critical brief
	conceded                 // took a peer's answer under a critical brief
	merged                   // aggregates, with an answer that it heard
	reworked                 // aggregates, with an answer that nobody gave
	lost                     // no answer can be read
)

// phrases holds what may be said in each scene. {a} is the answer, {o} the own answer before, {p} a peer that holds {a}, {q} one
// that does not, {r} that one's answer, {n} how many peers hold {a}. Each exists where its scene says so. None of them states an answer.
var phrases = [...][]string{
	alone: {
		"Working through it step by step, I get to {a}. Nothing in the question speaks against it.",
		"I looked at what is asked first and at the details second. {a} fits both.",
		"The other possibilities each miss something in the question; {a} does not.",
		"I considered what would have to hold for {a}, and it does hold here.",
		"My first thought was {a}, and a second look at the wording confirms it.",
		"This comes down to one step, and that step gives {a}.",
		"Crossing out what cannot be leaves {a}, and I see no objection to it.",
		"I am guided by the most specific words of the question; they point to {a}.",
		"Two of the possibilities tempted me. Read closely, only {a} does what the question asks.",
		"I remember this well enough to be quick: {a}.",
		"I tried to argue for each possibility in turn, and {a} is the one that needs no excuses.",
	},
	computed: {
		"Taking the quantities one after the other and adding up what is asked for, I arrive at {a}.",
		"I wrote down what is given, worked out the unknown step by step and got {a}.",
		"The first step gives a subtotal, the second turns it into what is asked: {a}.",
		"Setting it up as one expression and simplifying leaves {a}.",
		"Working backwards from what is asked, I need three quantities, and together they make {a}.",
		"A rough estimate agrees with the exact calculation, which gives {a}.",
		"I put the numbers into a small table, line by line, and its last entry is {a}.",
		"Once the units are the same everywhere, it is plain arithmetic and comes to {a}.",
		"I solved it twice, in two orders, and both end at {a}.",
	},
	checked: {
		"I went through my reasoning again and found no mistake. I stay with {a}.",
		"Checking every step a second time leads me back to {a}.",
		"I tried to find a reason against {a} and did not find a good one.",
		"Reading the question again changes nothing: {a}.",
		"The step that I was least sure of holds, so {a} stays.",
	},
	doubted: {
		"Going over it again I see that I was too quick with {o}. The step that decides it gives {a}.",
		"I no longer trust my reasoning for {o}; starting over, I end at {a}.",
		"I had {o} before, but I misread a detail of the question. Read properly, it gives {a}.",
		"A fresh look leads me away from {o} and to {a}, which nothing that I wrote before excludes.",
		"I skipped a word of the question when I said {o}. With it, I get {a}.",
	},
	agreed: {
		"We arrive at {a} independently, which makes me more certain of it.",
		"What {p} writes matches my own steps, so I keep {a}.",
		"I see no disagreement left. {a} stands.",
		"Having read the others I find the same steps as mine and keep {a}.",
		"{p} words it differently and means the same, so {a} it is.",
		"I looked for a gap that all of us share and found none. {a}, then.",
		"{p}'s way to {a} is shorter than mine, and I see nothing wrong with it.",
	},
	withstood: {
		"I read what {q} wrote, but the step that leads from there to {r} does not convince me. I keep {a}.",
		"{q} says {r}. I checked that against the question and still hold {a}.",
		"I understand why {q} prefers {r}; the wording of the question is on the side of {a}, though.",
		"There is a disagreement with {q}, who has {r}. My own steps hold up, so I keep {a}.",
		"If {q} were right about {r}, a detail of the question would have no purpose. I keep {a}.",
		"I retraced the argument by {q} for {r} and lost it at the second step, so {a} stays my answer.",
		"I am alone with {a}, but nobody showed a mistake in the way to it.",
		"What {q} says for {r} would be true of a slightly different question. For this one it is {a}.",
		"{q}, you assume for {r} what is to be shown. Without that, {a} is what remains.",
		"I gave {r} another chance because of {q}. It fails where it failed before, and {a} does not.",
		"I expected {q} to convince me of {r} and went through it once more. I end at {a} again.",
	},
	sided: {
		"I read what {q} wrote, but with {p} I hold that the question asks for {a} and not for {r}.",
		"{p} and I got to {a} by different routes; for {r} to be right, both would have to be wrong.",
		"{q} sees {r} where {p} and I see {a}. I checked both against the question and keep mine.",
		"The point that {q} makes for {r} is the one that {p} answers. {a} stands.",
		"I understand why {q} prefers {r}; the wording of the question is on the side of {a}, as {p} says too.",
		"{q}'s {r} rests on one reading of the question, and {p}'s reasons speak against that reading. I stay with {a}.",
		"Like {p} I cannot follow {q} from the second step on, so {a} stays my answer.",
		"{p} found what bothered me about {r} before I could say it. I keep {a}.",
		"That {q} has {r} made me check again; I come out where {p} does, at {a}.",
	},
	joined: {
		"I first took {o}, but what {p} says about the step that I skipped is right. I change to {a}.",
		"{p} has a point: my {o} does not survive a second reading, and {a} does.",
		"Comparing my {o} with {p}'s reasoning, I find the mistake on my side and move to {a}.",
		"I was wrong to stop at {o}. The argument by {p} for {a} covers what I left out.",
		"Thank you, {p}: I had overlooked that. It rules {o} out and leaves {a}.",
		"I cannot answer what {p} says against {o}, so I take it back and go with {a}.",
		"{p} reads the question more closely than I did. I give up {o} for {a}.",
	},
	outvoted: {
		"Having read the others ({n} for {a}), I give up {o}: their steps are cleaner than mine.",
		"{p} is not alone with {a}, and the reasons given for it are better than mine for {o}. I change.",
		"I had {o}. {n} of you come to {a} each in a way of your own, and following {p} I see where I went wrong.",
		"If {n} of us find {a}, I should look again at {o}. I did, and {p} is right about the step that I skipped.",
		"{p} says best what the others say too: {o} leaves out a part of the question. So {a}.",
	},
	followed: {
		"Having read {p}, I find the argument for {a} the most convincing of all.",
		"{p}'s steps hold up when I retrace them, so I go with {a} too.",
		"Of the answers so far {a} is the one that I can confirm ({n} for it).",
		"I had nothing to put forward, but I can check what {p} says, and {a} is sound.",
	},
	scrutinised: {
		"I looked for the flaw in the argument by {q} and found one: it assumes what it should show. I keep {a}.",
		"{q} gives no reason that clearly refutes {a}, so I do not give it up.",
		"Agreement alone is no argument. I checked the others' steps one by one and keep {a}.",
		"{q}'s case for {r} breaks where it turns from the example to the rule. {a} has no such break.",
		"I tried to refute {a} myself, using what {q} says. It holds.",
		"The weak point of {r} is its first step: {q} takes it for granted, and the question does not grant it. I keep {a}.",
		"{q} states {r} with confidence and little else. As long as nobody shows the error in {a}, I stay with it.",
	},
	conceded: {
		"I tried to refute {p} and could not; it is my {o} that breaks. I change to {a}.",
		"Looking for flaws, I found the only clear one in my own {o}. {p} is right about {a}.",
		"{p} names the step at which {o} goes wrong, and I cannot defend it. I move to {a}.",
		"I set out to keep {o}, but what {p} shows is no matter of taste: it is {a}.",
	},
	merged: {
		"Of the solutions before me the one by {p} is sound from start to end; it leads to {a} ({n} in support).",
		"I compared the solutions step by step. Where they part, {a} follows and the alternatives do not.",
		"The decisive step is the one that {p} takes, and it gives {a}.",
	},
	reworked: {
		"None of the solutions is right as it stands. Repairing the step that they share gives {a}.",
		"Each attempt has a gap. Put together, their sound parts lead to {a}.",
	},
	lost: {
		"I cannot settle this: every line of reasoning that I try contradicts another one.",
		"I cannot finish the argument, because I lose track of what was asked half way through.",
		"I cannot give a definite reply to this; the information seems incomplete to me.",
		"I cannot decide. Several of the possibilities look equally plausible and I do not want to guess.",
	},
}

// endings lead to the answer in the form that the prompts ask for.
var endings = [...][]string{
	debate.Choice: {"The answer is ({a}).", "My answer is ({a}).", "So the answer is ({a}).", "Answer: ({a})"},
	debate.Number: {`The answer is \boxed{{a}}.`, `My answer is \boxed{{a}}.`, `So the answer is \boxed{{a}}.`, `Answer: \boxed{{a}}`},
	debate.Open:   {"Answer: {a}", "Final answer: {a}"},
}
