import { journeysOf } from '../support/journeys.ts'
import { stopEverywhere } from '../support/stop-everywhere.ts'

// A permission set that AWS itself ends. In a file of its own: files run side by side.
for (const kind of ['prod-leashed']) stopEverywhere(kind, journeysOf(kind))
