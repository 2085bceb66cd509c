"""The three wire formats: request body → `Conversation`, `Reply` → response body."""
