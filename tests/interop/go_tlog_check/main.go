// Reads what authseal export wrote for other readers of transparency logs, with
// Go's own code alone (golang.org/x/mod/sumdb).
//
//	main tiles DIR VKEY    a tiled log: the checkpoint is opened, every hash is
//	                       read through tlog.TileHashReader, every entry is
//	                       hashed and proven, every size leads to the last one
//	main proofs DIR VKEY   NUMBER.tlog-proof and NUMBER.json: each is verified
//
// Prints how much it checked; exits 1 at the first difference.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func fail(format string, args ...interface{}) {
	fmt.Printf("FAIL: "+format+"\n", args...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// openCheckpoint verifies a note and returns the tree it is for.
func openCheckpoint(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("a checkpoint of %q with %d lines", lines[0], len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// directory reads tiles by their names of c2sp.org/tlog-tiles, which are those
// of Go without the height.
type directory struct{ path string }

func (d directory) Height() int { return height }

func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(d.path, name(tile)))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}

func name(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

// entries returns the records of a bundle; nil where it is not there.
func (d directory) entries(first, size int64) [][]byte {
	width := int64(1) << height
	if size-first < width {
		width = size - first
	}
	path := name(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)})
	data, err := os.ReadFile(filepath.Join(d.path, path))
	if os.IsNotExist(err) {
		return nil
	}
	must(err)
	var out [][]byte
	for len(data) >= 2 {
		n := int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:2+n])
		data = data[2+n:]
	}
	if len(data) != 0 || int64(len(out)) != width {
		fail("%s holds %d entries", path, len(out))
	}
	return out
}

func checkTiles(path, vkey string) {
	data, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	must(err)
	tree := openCheckpoint(data, vkey)
	dir := directory{path}
	reader := tlog.TileHashReader(tree, dir)
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	if root != tree.Hash {
		fail("the tiles have another root")
	}
	entries, missing, proofs := 0, 0, 0
	for first := int64(0); first < tree.N; first += 1 << height {
		bundle := dir.entries(first, tree.N)
		if bundle == nil {
			missing++
		}
		for i, entry := range bundle {
			n := first + int64(i)
			leaf := tlog.RecordHash(entry)
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
			must(err)
			if stored[0] != leaf {
				fail("record %d is another one", n)
			}
			entries++
			if n%97 == 0 || n == tree.N-1 {
				proof, err := tlog.ProveRecord(tree.N, n, reader)
				must(err)
				must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf))
				proofs++
			}
		}
	}
	trees := 0
	for old := int64(1); old <= tree.N; old += 1 + old/7 {
		hash, err := tlog.TreeHash(old, reader)
		must(err)
		proof, err := tlog.ProveTree(tree.N, old, reader)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old, hash))
		trees++
	}
	fmt.Printf("OK size=%d entries=%d missing-bundles=%d records-proven=%d trees-proven=%d\n",
		tree.N, entries, missing, proofs, trees)
}

func checkProof(path, vkey string) {
	data, err := os.ReadFile(path)
	must(err)
	head, checkpoint, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 ||
		!strings.HasPrefix(lines[1], "index ") {
		fail("%s is no tlog-proof", path)
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	must(err)
	proof := tlog.RecordProof{}
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	tree := openCheckpoint([]byte(checkpoint), vkey)
	record, err := os.ReadFile(strings.TrimSuffix(path, ".tlog-proof") + ".json")
	must(err)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(record)))
}

func main() {
	if len(os.Args) != 4 {
		fail("usage: main tiles|proofs DIR VKEY")
	}
	if os.Args[1] == "tiles" {
		checkTiles(os.Args[2], os.Args[3])
		return
	}
	paths, err := filepath.Glob(filepath.Join(os.Args[2], "*.tlog-proof"))
	must(err)
	for _, path := range paths {
		checkProof(path, os.Args[3])
	}
	fmt.Printf("OK proofs=%d\n", len(paths))
}
