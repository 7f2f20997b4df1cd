import { journeysOf } from '../support/journeys.ts'
import { stopEverywhere } from '../support/stop-everywhere.ts'

// A policy on a user, and a permission set that ends by removal.
for (const kind of ['dev-table', 'prod-read-only']) stopEverywhere(kind, journeysOf(kind))
