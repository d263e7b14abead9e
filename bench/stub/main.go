// Command stub is a teacher or a trainer that keeps the run contract (dev.alambic.run) and does nothing for a while: the
// operator's own cost is measured with it.
//
//	stub teacher --port 9090 --status-port 8080
//	stub train --spec run.json --port 8080 --termination-message FILE
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: stub teacher|train [flags]")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	spec := flags.String("spec", "", "run specification")
	port := flags.Int("port", 8080, "port")
	statusPort := flags.Int("status-port", 8080, "HTTP port of a teacher")
	message := flags.String("termination-message", "", "file for the last progress")
	_ = flags.Parse(os.Args[2:])
	if os.Args[1] == "teacher" {
		teach(*port, *statusPort)
		return
	}
	train(*spec, *port, *message)
}

func teach(port, statusPort int) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go func() { log.Fatal(server.Serve(listener)) }()
	serveHealth(http.NewServeMux(), statusPort)
	<-stopped()
}

type progress struct {
	Version         string  `json:"version"`
	Job             string  `json:"job"`
	State           string  `json:"state"`
	Step            int64   `json:"step"`
	Tokens          int64   `json:"tokens"`
	TokenBudget     int64   `json:"tokenBudget"`
	TokensPerSecond float64 `json:"tokensPerSecond"`
	BadSteps        int64   `json:"badSteps"`
	TrainLoss       float64 `json:"trainLoss"`
	Curve           []any   `json:"curve"`
}

// train walks through the budget in STUB_SECONDS, in a straight line.
func train(specFile string, port int, message string) {
	var spec struct {
		Job      string
		Training struct{ TokenBudget int64 }
	}
	text, err := os.ReadFile(specFile)
	if err == nil {
		err = json.Unmarshal(text, &spec)
	}
	if err != nil {
		log.Print(err)
		os.Exit(66)
	}
	length := 30 * time.Second
	if seconds, err := strconv.Atoi(os.Getenv("STUB_SECONDS")); err == nil {
		length = time.Duration(seconds) * time.Second
	}
	start := time.Now()
	now := func() progress {
		share := min(1, float64(time.Since(start))/float64(length))
		state := "Training"
		if share == 1 {
			state = "Complete"
		}
		tokens := int64(share * float64(spec.Training.TokenBudget))
		return progress{"alambic.dev/progress/v1", spec.Job, state, tokens / 1000, tokens, spec.Training.TokenBudget,
			float64(spec.Training.TokenBudget) / length.Seconds(), 0, 5 - 2*share, []any{}}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/progress", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(now())
	})
	serveHealth(mux, port)
	code := 0
	select {
	case <-time.After(length):
	case <-stopped():
		code = 75
	}
	if last, err := json.Marshal(now()); err == nil && message != "" {
		_ = os.WriteFile(message, last, 0o600)
	}
	os.Exit(code)
}

func serveHealth(mux *http.ServeMux, port int) {
	ok := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }
	mux.HandleFunc("/healthz", ok)
	mux.HandleFunc("/readyz", ok)
	go func() { log.Fatal(http.ListenAndServe(fmt.Sprintf(":%d", port), mux)) }()
}

func stopped() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	return signals
}
