import { z } from 'zod'
import { catalogueSchema } from './catalogue-schema.ts'

/**
 * The catalogue as a JSON Schema, for editors. Draft 7 is what all of them read. It knows each value on its own; what
 * concerns several of them, such as a group that is not there, only `npm run check` says.
 */
export function catalogueJsonSchema(): z.core.JSONSchema.BaseSchema {
  const known = { accounts: [], sensitive: [], groups: [], members: {}, neverGrant: [], identityCenter: true }
  const hub = { memberRole: undefined, sensitiveHub: false }
  const schema = catalogueSchema({ ...known, ...hub, facts: { services: {}, levels: {} } })
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-07',
    // What is read from any value says in its metadata what may be written.
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // It is YAML, for messages.
      delete jsonSchema['example']
    },
  })
  const { $schema, ...rest } = json
  return { ...($schema === undefined ? {} : { $schema }), title: 'Catalogue of Curfew', ...rest }
}
