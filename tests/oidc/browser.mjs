// The user's browser: follows redirects with cookies, and sends the form of the device page.

const HOPS = 20;

/** Opens a page and goes on until nothing is left to do; answers where it came to. */
export async function browse(start) {
  const cookies = new Map();
  let url = new URL(start);
  let form;
  for (let hop = 0; hop < HOPS; hop += 1) {
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) keep(cookies, cookie);
    const location = answer.headers.get('location');
    const page = await answer.text();
    if (location) {
      url = new URL(location, url);
      form = undefined;
      continue;
    }
    const next = confirmation(page);
    if (!next) return { url: url.href, status: answer.status, page };
    url = new URL(next.action, url);
    form = next.fields;
  }
  throw new Error(`still going after ${HOPS} hops`);
}

function keep(cookies, header) {
  const [pair] = header.split(';');
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value) cookies.set(name, value);
  else cookies.delete(name);
}

/** The form that asks the user to go on, filled in. */
function confirmation(page) {
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
  if (!action) return undefined;
  const inputs = page.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g);
  const fields = new URLSearchParams([...inputs].map(([, name, value]) => [name, value]));
  if (!fields.has('user_code')) return undefined;
  fields.set('confirm', 'yes');
  return { action, fields };
}
