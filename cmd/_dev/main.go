package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	_ "net/http/pprof"
	"os"
	"os/signal"
	"syscall"

	"postroom/internal/app"
)

func main() {
	go http.ListenAndServe("127.0.0.1:6060", nil)
	c, err := app.DevConfig(os.Args[1], 0)
	if err != nil {
		panic(err)
	}
	h := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, e, err := app.Dev(context.Background(), c, h)
	if err != nil {
		panic(err)
	}
	fmt.Print(e.Table())
	s := make(chan os.Signal, 1)
	signal.Notify(s, syscall.SIGTERM, os.Interrupt)
	<-s
	a.Close(context.Background())
}
