"""Keeps the free ids in a heap of their emission numbers."""

import heapq

def stable_order(ids, edges):
    number = {i: n for n, i in enumerate(ids)}
    waits = {i: {a for a, b in edges if b == i} for i in ids}
    heap, order = [number[i] for i in ids if not waits[i]], []
    heapq.heapify(heap)
    while heap:
        done = ids[heapq.heappop(heap)]
        order.append(done)
        for i in ids:
            if done in waits[i]:
                waits[i].discard(done)
                if not waits[i]:
                    heapq.heappush(heap, number[i])
    return order
