// Package fetch downloads the files of published data sets into the data directory and verifies them.
//
// A file is written under another name, checked against the checksum of its card, and renamed: a file under its own name is
// whole. What a cut connection left behind is completed by the next Fetch.
package fetch

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"

	"cheaptalk/datasets"
)

// Progress is told how many bytes of a URL have arrived and how many there are, -1 when the server does not say.
// It is called from the goroutine of Fetch.
type Progress func(url string, done, total int64)

// ChecksumError says that a file is not the published one.
type ChecksumError struct {
	File      string // the path, or the URL where the file was just downloaded from
	Want, Got string // SHA-256, hexadecimal
	Fix       string // what to do about it
}

func (e *ChecksumError) Error() string {
	return fmt.Sprintf("%s is not the published file\n  sha256 %s, want %s\n  %s", e.File, e.Got, e.Want, e.Fix)
}

// Fetch downloads every file of the card that is absent from the data directory or differs from the published one; see
// [datasets.Dir] for what an empty dir means. A nil client is http.DefaultClient; progress may be nil.
//
// A file with the wrong checksum is not kept: the error is a [*ChecksumError]. Other errors name the URL.
func Fetch(ctx context.Context, card datasets.Card, dir string, client *http.Client, progress Progress) error {
	if card.Embedded {
		return nil
	}
	dir, err := datasets.Dir(dir)
	if err != nil {
		return err
	}
	if client == nil {
		client = http.DefaultClient
	}
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	d := downloader{client: client, progress: progress, set: card.Name, dir: dir}
	var urls []string // in the order of the card
	wanted := map[string][]datasets.File{}
	for _, split := range card.Splits {
		for _, file := range split.Files {
			if sum, err := checksum(d.path(file)); err == nil && sum == file.SHA256 {
				continue
			}
			if wanted[file.URL] == nil {
				urls = append(urls, file.URL)
			}
			wanted[file.URL] = append(wanted[file.URL], file)
		}
	}
	for _, url := range urls {
		if err := d.fetch(ctx, url, wanted[url]); err != nil {
			return fmt.Errorf("%s: %w", card.Name, err)
		}
	}
	return nil
}

type downloader struct {
	client   *http.Client
	progress Progress
	set, dir string
}

// path returns where the file is kept. It comes from the card alone, never from an archive.
func (d downloader) path(f datasets.File) string {
	return filepath.Join(d.dir, filepath.FromSlash(f.Path))
}

// fetch downloads one URL and keeps the files that are wanted of it.
func (d downloader) fetch(ctx context.Context, url string, files []datasets.File) error {
	part := filepath.Join(d.dir, d.set+"-"+path.Base(url)+".part")
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		return fmt.Errorf("%w\n  set CHEAPTALK_DATA to a folder that can be written, or give one with --dir", err)
	}
	if err := d.download(ctx, url, part); err != nil {
		return err
	}
	var err error
	if files[0].Member != "" {
		err = d.unpack(part, url, files)
		if rm := os.Remove(part); err == nil {
			err = rm
		}
		return err
	}
	return d.keep(part, url, files[0])
}

// download completes the file at part with the bytes at url.
func (d downloader) download(ctx context.Context, url, part string) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	resp, err := d.get(ctx, url, have)
	if err != nil {
		return unreachable(url, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK: // the whole, from the start
		if have, err = f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := f.Truncate(0); err != nil {
			return err
		}
	default:
		return unreachable(url, errors.New(resp.Status))
	}
	total := int64(-1)
	if resp.ContentLength >= 0 {
		total = have + resp.ContentLength
	}
	counted := &counter{done: have, tell: func(done int64) { d.progress(url, done, total) }}
	if _, err := io.Copy(io.MultiWriter(f, counted), resp.Body); err != nil {
		return fmt.Errorf("download %s: %w\n  run it again: it goes on where it stopped", url, err)
	}
	return f.Close()
}

// get asks for the bytes of url from offset on, and for all of them when the server has none beyond it: what was left
// behind is then no beginning of the file.
func (d downloader) get(ctx context.Context, url string, offset int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := d.client.Do(req)
	if err != nil || offset == 0 || resp.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		return resp, err
	}
	resp.Body.Close()
	return d.get(ctx, url, 0)
}

func unreachable(url string, err error) error {
	return fmt.Errorf("cannot download %s: %w\n  check the network, or put the files there by hand and point CHEAPTALK_DATA at them", url, err)
}

// counter tells how many bytes went by.
type counter struct {
	done int64
	tell func(done int64)
}

func (c *counter) Write(b []byte) (int, error) {
	c.done += int64(len(b))
	c.tell(c.done)
	return len(b), nil
}

// unpack takes the wanted members out of a tar archive. Names of members are compared with those of the card and never
// used as paths, so an archive cannot write anywhere else.
func (d downloader) unpack(part, url string, files []datasets.File) error {
	f, err := os.Open(part)
	if err != nil {
		return err
	}
	defer f.Close()
	wanted := make(map[string]datasets.File, len(files))
	for _, file := range files {
		wanted[file.Member] = file
	}
	archive := tar.NewReader(f)
	for len(wanted) > 0 {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("unpack %s: %w\n  the archive is damaged; run it again", url, err)
		}
		name := path.Clean(header.Name)
		file, ok := wanted[name]
		if !ok || header.Typeflag != tar.TypeReg {
			continue
		}
		delete(wanted, name)
		if err := d.extract(archive, url, file); err != nil {
			return err
		}
	}
	for _, file := range files { // the first that is missing, in the order of the card
		if _, missing := wanted[file.Member]; missing {
			return fmt.Errorf("unpack %s: it has no %s", url, file.Member)
		}
	}
	return nil
}

// extract writes one member of an archive and keeps it when it is the published file.
func (d downloader) extract(member io.Reader, url string, file datasets.File) error {
	part := d.path(file) + ".part"
	if err := os.MkdirAll(filepath.Dir(part), 0o755); err != nil {
		return err
	}
	out, err := os.Create(part)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, member)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("unpack %s: %s: %w", url, file.Member, err)
	}
	return d.keep(part, url+" "+file.Member, file)
}

// keep gives a downloaded file its name, or removes it when it is not the published one.
func (d downloader) keep(part, from string, file datasets.File) error {
	sum, err := checksum(part)
	if err != nil {
		return err
	}
	if sum != file.SHA256 {
		if err := os.Remove(part); err != nil {
			return err
		}
		return &ChecksumError{File: from, Want: file.SHA256, Got: sum,
			Fix: "run it again; if it stays so the source has changed: put the published file at " + d.path(file)}
	}
	if err := os.MkdirAll(filepath.Dir(d.path(file)), 0o755); err != nil {
		return err
	}
	return os.Rename(part, d.path(file))
}

// checksum returns the SHA-256 of a file in hexadecimal.
func checksum(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
