import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { botAccessKeyId } from '../../src/playground/story-aws.ts'

/** What a Node process needs of the environment and nothing else: no variable of the user's. */
export function nodeVariables(): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  return { PATH, NODE_COMPILE_CACHE }
}

/** Leads a process to the simulated AWS and the embedded table at these URLs, and to no other. */
export function awsVariables(aws: { url: string }, table: { url: string }): Record<string, string> {
  return {
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ACCESS_KEY_ID: botAccessKeyId,
    AWS_SECRET_ACCESS_KEY: 'simulated-secret-access-key',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

/** Runs an entry (`check`) in a folder with these variables alone, to its end. */
export async function runEntry(entry: string, args: string[], cwd: string, variables: Record<string, string>) {
  const path = fileURLToPath(new URL(`../../src/entry/${entry}.ts`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { cwd, env: { ...nodeVariables(), ...variables } })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, err }
}
