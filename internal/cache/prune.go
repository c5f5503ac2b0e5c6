package cache

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Info says what is in a cache.
type Info struct {
	Entries int
	Bytes   int64     // on disk, what is not yet folded into the file included
	Oldest  time.Time // when the first of the entries was made; this and the following are zero when there is none
	Newest  time.Time // when the last of them was made
	Used    time.Time // when one of them was last used or made, to the day
}

// Info looks through the whole file.
func (c *Cache) Info(ctx context.Context) (Info, error) {
	var info Info
	var oldest, newest, used sql.NullInt64
	if err := c.readers.QueryRowContext(ctx, `SELECT count(*), min(created), max(created), max(used) FROM completions`).
		Scan(&info.Entries, &oldest, &newest, &used); err != nil {
		return Info{}, c.explain(err)
	}
	if oldest.Valid {
		info.Oldest, info.Newest, info.Used = time.Unix(oldest.Int64, 0), time.Unix(newest.Int64, 0), time.Unix(used.Int64, 0)
	}
	var err error
	info.Bytes, err = c.bytes()
	return info, err
}

// bytes returns the size of the file and of the log of what is not yet folded into it.
func (c *Cache) bytes() (int64, error) {
	var sum int64
	for _, path := range []string{c.path, c.path + "-wal"} {
		f, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += f.Size()
	}
	return sum, nil
}

// Rules say which entries are dropped: those that any of them names. The zero Rules name none.
type Rules struct {
	OlderThan time.Duration // made longer ago; 0 is no rule
	UnusedFor time.Duration // last used longer ago, see Info.Used; 0 is no rule
	Keep      int64         // those used longest ago, until the file has about that many bytes; 0 is no rule
	All       bool
}

// Pruned says what was dropped.
type Pruned struct {
	Entries int
	Bytes   int64 // by how much the file has shrunk
}

// Prune drops entries and gives their space back to the disk, for which there must be room for a second copy of what is left. Others may use
// the file meanwhile; those that write wait. When it fails, Pruned.Entries are dropped nevertheless: their space is
// used for new entries, and the next Prune gives it back.
func (c *Cache) Prune(ctx context.Context, r Rules) (Pruned, error) {
	if c.writer == nil {
		return Pruned{}, c.readOnly
	}
	before, err := c.bytes()
	if err != nil {
		return Pruned{}, err
	}
	var p Pruned
	if p.Entries, err = c.drop(ctx, r); err != nil {
		return Pruned{}, c.explain(err)
	}
	var free int
	if err := c.writer.db.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&free); err != nil {
		return p, c.explain(err)
	}
	if free > 0 {
		if _, err := c.writer.db.ExecContext(ctx, `VACUUM`); err != nil {
			return p, c.explain(err)
		}
	}
	// The log is folded into the file as far as no reader is in the way, who then does it later.
	if _, err := c.writer.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return p, c.explain(err)
	}
	after, err := c.bytes()
	p.Bytes = max(before-after, 0)
	return p, err
}

// drop deletes the entries that the rules name, in one transaction, and returns how many there were.
func (c *Cache) drop(ctx context.Context, r Rules) (int, error) {
	tx, err := c.writer.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after the commit
	dropped := 0
	remove := func(where string, args ...any) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM completions WHERE `+where, args...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		dropped += int(n)
		return err
	}
	now := c.now()
	switch {
	case r.All:
		err = remove(`true`)
	case r.OlderThan > 0 || r.UnusedFor > 0:
		// A rule that is not given names what is older than any entry.
		before := func(age time.Duration) int64 {
			if age <= 0 {
				return 0
			}
			return now.Add(-age).Unix()
		}
		err = remove(`created < ? OR used < ?`, before(r.OlderThan), before(r.UnusedFor))
	}
	if err == nil && r.Keep > 0 {
		err = c.shrink(ctx, tx, r.Keep, remove)
	}
	if err != nil {
		return 0, err
	}
	return dropped, tx.Commit()
}

// shrink removes the entries used longest ago, so that the others need about so many bytes of the file.
func (c *Cache) shrink(ctx context.Context, tx *sql.Tx, keep int64, remove func(where string, args ...any) error) error {
	var pages, sizes int64 // in bytes: the part of the file that is in use, and the bodies in it
	if err := tx.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size, (SELECT coalesce(sum(size), 0) FROM completions)
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&pages, &sizes); err != nil {
		return err
	}
	if pages <= keep {
		return nil
	}
	// An entry needs more than its body; the more is shared out by the size of the bodies.
	bodies := int64(float64(keep) * float64(sizes) / float64(pages))
	return remove(`key IN (SELECT key FROM (SELECT key, sum(size) OVER (ORDER BY used DESC, created DESC, key) AS so_far FROM completions)
		WHERE so_far > ?)`, bodies)
}
