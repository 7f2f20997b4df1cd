declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** The embedded DynamoDB; it ships no types of its own. Without a `path` it lives in memory. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server
}
