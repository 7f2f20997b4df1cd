import { SimulatePrincipalPolicyCommand, type Statement } from '@aws-sdk/client-iam'
import type { Simulator } from '../../app/ports.ts'
import { actionsMatching } from '../../core/action-facts.ts'
import { readActionFacts } from '../iam-data/action-facts.ts'
import type { AsMember } from './member-sessions.ts'
import { send, startDeadline } from './send.ts'

/** Asks IAM's own policy simulator, as the member role of the account. It throttles easily (platform: A9). */
export function createSimulator(asMember: AsMember): Simulator {
  return {
    async allowedBy({ holder, arn, actions, resources, context }) {
      // Ends that are due wait for nothing that is only a question.
      const deadline = startDeadline(5)
      const ActionNames = await someOf(actions)
      return asMember({ about: holder }, deadline, async iam => {
        const { EvaluationResults = [] } = await send(
          iam,
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: arn,
            ActionNames,
            ResourceArns: resources.slice(0, most),
            ContextEntries: context.map(({ key, type, value }) => ({
              ContextKeyName: key,
              ContextKeyType: type,
              ContextKeyValues: [value],
            })),
          }),
          { deadline },
        )
        // The decision on an action is the strictest over its resources; each of them has its own (platform: A9).
        const allowing = EvaluationResults.flatMap(
          ({ EvalDecision, MatchedStatements, ResourceSpecificResults = [] }) => [
            ...(EvalDecision === 'allowed' ? [MatchedStatements] : []),
            ...ResourceSpecificResults.filter(({ EvalResourceDecision }) => EvalResourceDecision === 'allowed').map(
              result => result.MatchedStatements,
            ),
          ],
        )
        return [...new Set(allowing.flatMap(namesIn))]
      })
    },
  }
}

/** A few actions and resources show what stands as well as all of them, which AWS might take long over. */
const most = 5

/** The simulator takes no wildcards: two actions stand for all that a pattern matches. */
async function someOf(patterns: string[]): Promise<string[]> {
  const facts = await readActionFacts(patterns.map(pattern => pattern.split(':')[0] ?? ''))
  const names = patterns.flatMap(pattern => {
    if (!/[*?]/.test(pattern)) return [pattern]
    const [service = ''] = pattern.split(':')
    return (actionsMatching(pattern, facts) ?? [])
      .sort()
      .slice(0, 2)
      .map(name => `${service}:${name}`)
  })
  return [...new Set(names)].slice(0, most)
}

/** An allowed call has a statement that allows it, whether AWS says which or not. */
function namesIn(statements: Statement[] = []): string[] {
  return statements.length > 0 ? statements.map(({ SourcePolicyId = unnamed }) => SourcePolicyId) : [unnamed]
}

const unnamed = 'a policy that AWS did not name'
