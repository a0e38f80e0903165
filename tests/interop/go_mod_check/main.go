// Checks what authseal wrote with Go's own code for transparency logs
// (golang.org/x/mod/sumdb). The directory named on the command line holds
//
//	vkey, skey       a key pair in Go's notation
//	checkpoint       a note signed by that key
//	bad-note-*       changed notes, each to be refused
//	records          a record a line: the leaves
//	proofs           a case a line, fields apart by one space:
//	                 root SIZE HASH
//	                 inclusion good|bad SIZE INDEX ROOT LEAF HASH...
//	                 consistency good|bad OLD NEW OLDROOT NEWROOT HASH...
//
// Prints how many of each it checked; exits 1 at the first difference.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, args ...interface{}) {
	fmt.Printf("FAIL: "+format+"\n", args...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func read(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	must(err)
	return data
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	must(err)
	return h
}

func hashes(texts []string) []tlog.Hash {
	out := []tlog.Hash{}
	for _, text := range texts {
		out = append(out, hash(text))
	}
	return out
}

// checkNotes opens the checkpoint, signs it again, refuses the changed ones,
// and returns the tree it names.
func checkNotes(dir string) (tlog.Tree, int) {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(dir, "vkey"))))
	must(err)
	signer, err := note.NewSigner(strings.TrimSpace(string(read(dir, "skey"))))
	must(err)
	checkpoint := read(dir, "checkpoint")
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	must(err)
	again, err := note.Sign(&note.Note{Text: opened.Text}, signer)
	must(err)
	if !bytes.Equal(again, checkpoint) {
		fail("Go signs the checkpoint differently")
	}
	bad, err := filepath.Glob(filepath.Join(dir, "bad-note-*"))
	must(err)
	for _, path := range bad {
		if _, err := note.Open(read("", path), note.VerifierList(verifier)); err == nil {
			fail("%s opened", path)
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("checkpoint with %d lines", len(lines))
	}
	return tlog.Tree{N: number(lines[1]), Hash: hash(lines[2])}, len(bad)
}

// tree builds Go's own tree over the records.
func tree(dir string) (tlog.HashReaderFunc, int64) {
	stored := []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = stored[index]
		}
		return out, nil
	})
	records := strings.Split(strings.TrimSuffix(string(read(dir, "records")), "\n"), "\n")
	for i, record := range records {
		added, err := tlog.StoredHashes(int64(i), []byte(record), reader)
		must(err)
		stored = append(stored, added...)
	}
	return reader, int64(len(records))
}

// check returns an error when Go does not accept the case.
func check(f []string, reader tlog.HashReader) error {
	switch f[0] {
	case "root":
		got, err := tlog.TreeHash(number(f[1]), reader)
		if err == nil && got != hash(f[2]) {
			err = fmt.Errorf("another root")
		}
		return err
	case "inclusion":
		return tlog.CheckRecord(tlog.RecordProof(hashes(f[6:])), number(f[2]), hash(f[4]), number(f[3]), hash(f[5]))
	case "consistency":
		return tlog.CheckTree(tlog.TreeProof(hashes(f[6:])), number(f[3]), hash(f[5]), number(f[2]), hash(f[4]))
	}
	return fmt.Errorf("unknown kind")
}

func main() {
	dir := os.Args[1]
	signed, badNotes := checkNotes(dir)
	reader, records := tree(dir)
	root, err := tlog.TreeHash(records, reader)
	must(err)
	if signed.N != records || signed.Hash != root {
		fail("the checkpoint is not over these records")
	}
	counts := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(read(dir, "proofs"))), "\n") {
		f := strings.Split(line, " ")
		good := f[0] == "root" || f[1] == "good"
		if err := check(f, reader); (err == nil) != good {
			fail("%s: %v", line, err)
		}
		kind := f[0]
		if !good {
			kind = "bad-" + kind
		}
		counts[kind]++
	}
	fmt.Printf("OK notes=1 bad-notes=%d roots=%d inclusion=%d bad-inclusion=%d consistency=%d bad-consistency=%d\n",
		badNotes, counts["root"], counts["inclusion"], counts["bad-inclusion"],
		counts["consistency"], counts["bad-consistency"])
}
