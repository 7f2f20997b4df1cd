import { existsSync, mkdirSync } from 'node:fs'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'

/** A DynamoDB on its own port, so that the simulated AWS can break without it. */
export type EmbeddedTable = {
  url: string
  /** The earliest end of a grant that is running, in milliseconds since 1970; read from the bot's own table. */
  nextEnd(): Promise<number | undefined>
  close(): Promise<void>
}

/** Starts dynalite on loopback, in `folder` or in memory. A folder serves one process only: take the lock first. */
export async function startEmbeddedTable(folder?: string): Promise<EmbeddedTable> {
  if (folder && !existsSync(dirname(folder))) mkdirSync(dirname(folder), { recursive: true })
  const server: Server = dynalite({ createTableMs: 0, ...(folder && { path: folder }) })
  const serving = new Set<ServerResponse>()
  server.prependListener('request', (_, response) => {
    for (const earlier of serving) if (earlier.writableEnded) serving.delete(earlier)
    serving.add(response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  return {
    url,
    async nextEnd() {
      const { Items = [] } = await client.send(
        new ScanCommand({
          TableName: 'curfew',
          FilterExpression: '#status = :active',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':active': { S: 'active' } },
        }),
      )
      const ends = Items.map(item => Date.parse(item['expiresAt']?.S ?? '')).filter(Number.isFinite)
      return ends.length > 0 ? Math.min(...ends) : undefined
    },
    async close() {
      client.destroy()
      server.closeAllConnections()
      await answered(serving)
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

/**
 * Resolves when dynalite has dealt with what it was asked, heard or not: it closes its store under a scan that goes on
 * without a caller, and the scan's stream then throws where nobody catches it.
 */
async function answered(serving: Set<ServerResponse>): Promise<void> {
  const deadline = performance.now() + 2000
  const isOpen = ({ req, writableEnded }: ServerResponse) => req.complete && !writableEnded
  do {
    // Its streams read on a little after the answer.
    await new Promise(resolve => setTimeout(resolve, 20))
  } while ([...serving].some(isOpen) && performance.now() < deadline)
}
