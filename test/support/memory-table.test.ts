import { expect, it } from 'vitest'
import { aRequest, at, someId } from './builders.ts'
import { createMemoryTable } from './memory-table.ts'
import { tableContract } from './table-contract.ts'

tableContract('the table in memory', async clock => createMemoryTable({ clock }))

it('a process that dies before a write has not written, and one that dies after it has', async () => {
  let dying: 'before' | 'after' | undefined = 'before'
  const table = createMemoryTable({
    clock: { now: () => at('12:00') },
    hook: (when, operation) => {
      if (operation === 'writeRequest' && when === dying) throw new Error('died')
    },
  })
  await expect(table.writeRequest(aRequest('pending'))).rejects.toThrow('died')
  expect(await table.request(someId)).toBeUndefined()
  dying = 'after'
  await expect(table.writeRequest(aRequest('pending'))).rejects.toThrow('died')
  expect((await table.request(someId))?.version).toBe(1)
})
