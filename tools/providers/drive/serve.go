package drive

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/upjet/v2/pkg/resource"
)

// Request is one line on standard input.
type request struct {
	// Objects that are new, changed or deleted since the last answer.
	Put []json.RawMessage `json:"put"`
	// Whether each object is reconciled once.
	Reconcile bool `json:"reconcile"`
	// How many seconds operations have to end before the answer. With 0 it does not wait.
	Wait float64 `json:"wait"`
}

// Response is one line on standard output.
type response struct {
	// All objects as they stand.
	Objects []resource.Terraformed `json:"objects"`
	// What reconcilers panicked with in this round.
	Panics []string `json:"panics,omitempty"`
	// Operations of Terraform's that have not ended yet.
	Running []string `json:"running,omitempty"`
	// Why the request was not carried out.
	Error string `json:"error,omitempty"`
}

// serve answers requests, one a line, until standard input ends. What is logged goes to standard error.
func serve(p *Provider, log logging.Logger) error {
	s, err := newSession(p, log)
	if err != nil {
		return err
	}
	return s.serve(context.Background(), os.Stdin, os.Stdout)
}

func (s *session) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	requests, answers := bufio.NewReader(in), json.NewEncoder(out)
	for {
		line, err := requests.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := answers.Encode(s.answer(ctx, line)); err != nil {
			return err
		}
	}
}

func (s *session) answer(ctx context.Context, line []byte) response {
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return response{Error: fmt.Sprintf("cannot read the request: %s", err)}
	}
	if err := s.put(ctx, req.Put); err != nil {
		return response{Error: err.Error()}
	}
	if req.Reconcile {
		wait := time.Duration(req.Wait * float64(time.Second))
		if err := s.round(ctx, wait); err != nil {
			return response{Error: err.Error()}
		}
	}
	objects, err := s.all(ctx)
	if err != nil {
		return response{Error: err.Error()}
	}
	return response{Objects: objects, Panics: s.panics, Running: s.running(objects)}
}
