package resample

import "encoding/binary"

// Clusters pools the sums of questions for a bootstrap that draws whole questions. The zero Clusters is empty; the order of Add does not matter.
// Questions with equal sums are kept once, so that memory and time grow with how many different ones there are.
type Clusters struct {
	index map[string]int
	kinds []kind
	n     int // clusters
	key   []byte
}

// kind is the clusters that have the same sums.
type kind struct {
	key   string
	sums  []float64
	count int
}

// Add adds the sums of one cluster, always as many of them.
func (c *Clusters) Add(sums ...int) {
	c.key = c.key[:0]
	for _, s := range sums {
		c.key = binary.AppendVarint(c.key, int64(s))
	}
	c.n++
	if i, ok := c.index[string(c.key)]; ok {
		c.kinds[i].count++
		return
	}
	if c.index == nil {
		c.index = map[string]int{}
	}
	k := kind{key: string(c.key), count: 1, sums: make([]float64, len(sums))}
	for i, s := range sums {
		k.sums[i] = float64(s)
	}
	c.index[k.key] = len(c.kinds)
	c.kinds = append(c.kinds, k)
}

// Total returns the sums over all clusters, and nil without any.
func (c *Clusters) Total() []float64 {
	if c.n == 0 {
		return nil
	}
	total := make([]float64, len(c.kinds[0].sums))
	for _, k := range c.kinds {
		for i, s := range k.sums {
			total[i] += s * float64(k.count)
		}
	}
	return total
}
