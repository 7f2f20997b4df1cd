import { existsSync, mkdirSync } from 'node:fs'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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
  const scan = async () => {
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
  }
  let scanning: Promise<number | undefined> = Promise.resolve(undefined)
  let closing = false
  return {
    url,
    nextEnd() {
      if (!closing) scanning = scan()
      return scanning
    },
    async close() {
      closing = true
      await scanning.catch(() => undefined)
      client.destroy()
      server.closeAllConnections()
      await answered(serving)
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      if ((await Promise.race([closed, sleep(closeMilliseconds, 'late', { ref: false })])) === 'late') {
        throw new Error('The table did not close. End the playground and start it again.')
      }
    },
  }
}

/** What dynalite may take to be done with what it was asked, and then to close. */
const answerMilliseconds = 10_000
const closeMilliseconds = 15_000

/**
 * Resolves when dynalite has dealt with what it was asked, heard or not: it closes its store under a scan that goes on
 * without a caller, and the scan's stream then throws where nobody catches it.
 */
async function answered(serving: Set<ServerResponse>): Promise<void> {
  const deadline = performance.now() + answerMilliseconds
  const isOpen = ({ req, writableEnded }: ServerResponse) => req.complete && !writableEnded
  do {
    // Its streams read on a little after the answer.
    await sleep(20)
  } while ([...serving].some(isOpen) && performance.now() < deadline)
}
