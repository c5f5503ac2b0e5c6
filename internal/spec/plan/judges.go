package plan

import (
	"cmp"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/judges"
)

// judges makes the factory of an arm's judges, its primary one first.
func (b *builder) judges(a spec.Arm) (func(debate.Item, uint64) []debate.Judge, error) {
	list := slices.Clone(b.spec.AllJudges())
	slices.SortStableFunc(list, func(x, y spec.Judge) int {
		return cmp.Compare(boolInt(y.Label() == a.PrimaryJudge()), boolInt(x.Label() == a.PrimaryJudge()))
	})
	speak := make([]seat, len(list))
	for i, j := range list {
		if j.Agent == "" {
			continue
		}
		var err error
		if speak[i], err = b.speaker(a, j); err != nil {
			return nil, err
		}
	}
	return func(item debate.Item, seed uint64) []debate.Judge {
		made, at := make([]debate.Judge, len(list)), &table{item: item, seed: seed}
		for i, j := range list {
			made[i] = judge(j, at, speak[i])
		}
		return made
	}, nil
}

// judge makes one judge for one debate.
func judge(j spec.Judge, at *table, speak seat) debate.Judge {
	ties := judges.Ties{Rule: j.TieRule(), Seed: at.seed}
	var made debate.Judge
	switch j.Judge {
	case judges.NameRound0:
		made = judges.Round0{Ties: ties}
	case judges.NameConfidence:
		made = judges.ConfidenceWeighted{Ties: ties, Calibration: debate.Calibration(j.Calibration)}
	case judges.NameTrajectory:
		penalty := judges.DefaultPenalty
		if j.Penalty != nil {
			penalty = *j.Penalty
		}
		made = judges.Trajectory{Ties: ties, Penalty: penalty}
	case judges.NameAggLM:
		made = judges.Speaker{Agent: speak(at), Brief: debate.Brief{Task: debate.Aggregate}}
	default:
		made = judges.Plurality{Ties: ties}
	}
	if j.Name != "" {
		made = judges.Named{Judge: made, Label: j.Name}
	}
	return made
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// JudgeFactory makes the judges for one debate of an arm, and none for an arm that the spec does not have.
type JudgeFactory func(arm string, item debate.Item, seed uint64) []debate.Judge

// Judges returns what makes the judges of the spec, without reading its data sets: for deciding stored debates again.
func Judges(s *spec.Spec, means Means) (JudgeFactory, error) {
	if err := s.CheckJudges(); err != nil {
		return nil, err
	}
	b := &builder{spec: s, means: means, share: means.share()}
	if err := b.openModels((&spec.Spec{Models: s.Models, Judges: s.Judges}).Asked()); err != nil { // the teams are not asked again
		return nil, err
	}
	factories := map[string]func(debate.Item, uint64) []debate.Judge{}
	for _, a := range s.Arms {
		factory, err := b.judges(a)
		if err != nil {
			return nil, err
		}
		factories[a.Label()] = factory
	}
	return func(arm string, item debate.Item, seed uint64) []debate.Judge {
		if factory := factories[arm]; factory != nil {
			return factory(item, seed)
		}
		return nil
	}, nil
}
