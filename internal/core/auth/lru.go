package auth

import "container/list"

// lru is a map with a bound: the entry that was not touched for longest goes.
// Its owner locks.
type lru[K comparable, V any] struct {
	max   int
	order list.List // front is the newest
	at    map[K]*list.Element
}

type lruEntry[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](max int) *lru[K, V] {
	return &lru[K, V]{max: max, at: map[K]*list.Element{}}
}

func (l *lru[K, V]) get(k K) (v V, ok bool) {
	e := l.at[k]
	if e == nil {
		return v, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*lruEntry[K, V]).value, true
}

func (l *lru[K, V]) put(k K, v V) {
	if e := l.at[k]; e != nil {
		e.Value.(*lruEntry[K, V]).value = v
		l.order.MoveToFront(e)
		return
	}
	l.at[k] = l.order.PushFront(&lruEntry[K, V]{k, v})
	if l.order.Len() > l.max {
		e := l.order.Back()
		l.order.Remove(e)
		delete(l.at, e.Value.(*lruEntry[K, V]).key)
	}
}

func (l *lru[K, V]) drop(k K) {
	if e := l.at[k]; e != nil {
		l.order.Remove(e)
		delete(l.at, k)
	}
}

func (l *lru[K, V]) dropIf(f func(K, V) bool) {
	for e := l.order.Front(); e != nil; {
		next := e.Next()
		if x := e.Value.(*lruEntry[K, V]); f(x.key, x.value) {
			l.order.Remove(e)
			delete(l.at, x.key)
		}
		e = next
	}
}
