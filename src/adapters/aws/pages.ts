/** Walks through a listing, page by page, until there is no token left: a page may be empty and not be the last. */
export async function* pagesOf<Page extends { NextToken?: string | undefined }>(
  ask: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let token: string | undefined
  do {
    const page = await ask(token)
    yield page
    token = page.NextToken
  } while (token)
}
