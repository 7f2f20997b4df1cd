import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { AwsClock } from '../adapters/aws/aws-clock.ts'
import { describeTable, tableExists } from '../adapters/dynamodb/create-table.ts'
import { asFault } from '../core/errors.ts'
import { inWords, type StartCheck, sentence } from './start-checks.ts'

const remedies: Record<string, string> = {
  bad_credentials:
    'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role the bot runs with.',
  bad_signature: 'Check that AWS_SECRET_ACCESS_KEY belongs to AWS_ACCESS_KEY_ID, and the clock of this computer.',
  access_denied: 'Let the bot’s own role do this.',
  table_refused: 'Let the bot’s own role use the table, and check the credentials.',
}
const remedy = 'Check the network, AWS_REGION, and AWS_ENDPOINT_URL where it is set.'

/** Checks that AWS answers and takes the bot's own credentials. */
export function awsCheck(clock: AwsClock): StartCheck {
  const check = async () => {
    await clock.measure()
    return []
  }
  return { about: 'AWS', remedy, check: () => orCure('AWS', check) }
}

/** Checks that the table is there and made for Curfew; a missing one that will be created is no problem. */
export function tableCheck(client: DynamoDBClient, tableName: string, willBeCreated: boolean): StartCheck {
  const check = async () => {
    const exists = await tableExists(client, tableName)
    if (!exists && willBeCreated) return []
    const problems = await describeTable(client, tableName)
    if (problems.length === 0) return []
    const another = exists
      ? ['If it is not Curfew’s, set CURFEW_TABLE to another name, and CURFEW_CREATE_TABLE=1.']
      : []
    return [`CURFEW_TABLE: ${[...problems, ...another].join(' ')}`]
  }
  return { about: 'DynamoDB', remedy, check: () => orCure('DynamoDB', check) }
}

async function orCure(about: string, check: () => Promise<string[]>): Promise<string[]> {
  try {
    return await check()
  } catch (error) {
    const words = inWords(error)
    // The SDK's own words for what it lacks, the same for every service, come without a code of AWS.
    if (/Region is missing/.test(words)) return ['AWS_REGION: set it to the region of your table.']
    const code = /load credentials/.test(words) ? 'bad_credentials' : asFault(error).code
    return [`${about}: ${sentence(words)} ${remedies[code] ?? remedy}`]
  }
}
