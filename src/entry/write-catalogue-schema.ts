import { writeFile } from 'node:fs/promises'
import { catalogueJsonSchema } from './catalogue-json-schema.ts'

/** `npm run schema`: writes the JSON Schema of the catalogue to where editors find it. */
const file = new URL('../../infra/curfew.schema.json', import.meta.url)
await writeFile(file, `${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`)
