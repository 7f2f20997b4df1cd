import { roleJourneysOf } from '../support/journeys.ts'
import { stopEverywhere } from '../support/stop-everywhere.ts'

// A policy on a shared role, entering a role, and entering one that is leashed.
for (const kind of ['team-table', 'prod-admin', 'prod-operator']) stopEverywhere(kind, roleJourneysOf(kind))
