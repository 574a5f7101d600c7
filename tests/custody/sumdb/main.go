// Another implementation of transparency logs, golang.org/x/mod/sumdb, beside ours: it reads our tiles and notes, checks
// our proofs and cosignatures, and writes logs for us to read. Built by tests/custody/test_sumdb.py.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// path gives a tile's place under C2SP tlog-tiles, which leaves out the height.
func path(t tlog.Tile) string {
	return strings.Replace(t.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
}

type tiles string

func (dir tiles) Height() int { return height }

func (dir tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, t := range wanted {
		data, err := os.ReadFile(filepath.Join(string(dir), path(t)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (dir tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// cosigner verifies C2SP tlog-cosignature v1, which sumdb does not know, by the interface it has for that.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	if raw[0] != 4 || fmt.Sprintf("%x", sum[:4]) != parts[1] {
		must(fmt.Errorf("bad cosigner key"))
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), raw[1:]}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func strs(hashes []tlog.Hash) []string {
	all := []string{}
	for _, h := range hashes {
		all = append(all, h.String())
	}
	return all
}

// read DIR LOGKEY COSIGNER...: check the checkpoint, all tiles, every record; print proofs for ours to be compared with.
func read(dir, key string, cosigners []string) {
	content, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	verifier, err := note.NewVerifier(key)
	must(err)
	known := []note.Verifier{verifier}
	for _, one := range cosigners {
		known = append(known, newCosigner(one))
	}
	opened, err := note.Open(content, note.VerifierList(known...))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles(dir))
	again, err := tlog.TreeHash(size, reader)
	must(err)
	if again != root {
		must(fmt.Errorf("root differs"))
	}
	inclusion, consistency := map[string][]string{}, map[string][]string{}
	for n := int64(0); n < size; n++ {
		bundle := tlog.Tile{H: height, L: 0, N: n / 256, W: 256}
		if left := size - bundle.N*256; left < 256 {
			bundle.W = int(left)
		}
		name := strings.Replace(path(bundle), "tile/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(err)
		for skip := n % 256; skip > 0; skip-- {
			data = data[2+binary.BigEndian.Uint16(data):]
		}
		leaf := tlog.RecordHash(data[2 : 2+binary.BigEndian.Uint16(data)])
		proof, err := tlog.ProveRecord(size, n, reader)
		must(err)
		must(tlog.CheckRecord(proof, size, root, n, leaf))
		inclusion[strconv.FormatInt(n, 10)] = strs(proof)
		if n > 0 {
			tree, err := tlog.ProveTree(size, n, reader)
			must(err)
			consistency[strconv.FormatInt(n, 10)] = strs(tree)
		}
	}
	names := []string{}
	for _, sig := range opened.Sigs {
		names = append(names, sig.Name)
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"size": size, "signed": names, "unverified": len(opened.UnverifiedSigs),
		"inclusion": inclusion, "consistency": consistency,
	}))
}

// write DIR NAME SIZE: a log made by sumdb, for ours to read. Prints its verifier key.
func write(dir, name string, size int64) {
	skey, vkey, err := note.GenerateKey(nil, name)
	must(err)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	var bundle []byte
	put := func(name string, content []byte) {
		must(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		must(os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	for n := int64(0); n < size; n++ {
		record := []byte(fmt.Sprintf("record %d of another program\n", n))
		hashes, err := tlog.StoredHashes(n, record, reader)
		must(err)
		stored = append(stored, hashes...)
		bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(record)))
		bundle = append(bundle, record...)
		if n%256 == 255 || n == size-1 {
			t := tlog.Tile{H: height, L: 0, N: n / 256, W: int(n%256) + 1}
			put(strings.Replace(path(t), "tile/0/", "tile/entries/", 1), bundle)
			bundle = nil
		}
	}
	for _, t := range tlog.NewTiles(height, 0, size) {
		data, err := tlog.ReadTileData(t, reader)
		must(err)
		put(path(t), data)
	}
	root, err := tlog.TreeHash(size, reader)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", name, size, root)}, signer)
	must(err)
	put("checkpoint", signed)
	fmt.Println(vkey)
}

// notes KEY: for each base64 line on standard input, whether sumdb opens it as a note of that key.
func notes(key string) {
	verifier, err := note.NewVerifier(key)
	must(err)
	var given []string
	must(json.NewDecoder(os.Stdin).Decode(&given))
	answers := []bool{}
	for _, one := range given {
		raw, err := base64.StdEncoding.DecodeString(one)
		must(err)
		_, err = note.Open(raw, note.VerifierList(verifier))
		answers = append(answers, err == nil)
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

// bench N: entries a second into a tree kept in memory, and proofs a second made and checked in it.
func bench(size int64) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	record := make([]byte, 32)
	started := time.Now()
	for n := int64(0); n < size; n++ {
		binary.BigEndian.PutUint64(record, uint64(n))
		hashes, err := tlog.StoredHashes(n, record, reader)
		must(err)
		stored = append(stored, hashes...)
	}
	appended := time.Since(started)
	root, err := tlog.TreeHash(size, reader)
	must(err)
	const proofs = 20000
	made := make([]tlog.RecordProof, proofs)
	started = time.Now()
	for n := range made {
		made[n], err = tlog.ProveRecord(size, int64(n), reader)
		must(err)
	}
	making := time.Since(started)
	started = time.Now()
	for n := range made {
		binary.BigEndian.PutUint64(record, uint64(n))
		must(tlog.CheckRecord(made[n], size, root, int64(n), tlog.RecordHash(record)))
	}
	checking := time.Since(started)
	must(json.NewEncoder(os.Stdout).Encode(map[string]int{
		"sumdb_entries_per_second":        int(float64(size) / appended.Seconds()),
		"sumdb_proofs_made_per_second":    int(proofs / making.Seconds()),
		"sumdb_proofs_checked_per_second": int(proofs / checking.Seconds()),
	}))
}

func main() {
	switch os.Args[1] {
	case "bench":
		size, err := strconv.ParseInt(os.Args[2], 10, 64)
		must(err)
		bench(size)
	case "read":
		read(os.Args[2], os.Args[3], os.Args[4:])
	case "write":
		size, err := strconv.ParseInt(os.Args[4], 10, 64)
		must(err)
		write(os.Args[2], os.Args[3], size)
	case "notes":
		notes(os.Args[2])
	}
}
