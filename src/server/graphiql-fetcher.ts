/**
 * How the page of GraphiQL asks, as the text of a script: requests by POST, subscriptions over WebSocket, which the
 * page's own way cannot bring a token to. It is a handful of lines of the protocol, because the page may load nothing.
 */
export const graphiqlFetcher = `function yinlingFetcher(asked, how) {
  const headers = { ...(how && how.headers) };
  const name = (wanted) => Object.keys(headers).find((key) => key.toLowerCase() === wanted);
  const operation = how && how.documentAST && how.documentAST.definitions.find((definition) =>
    definition.kind === 'OperationDefinition' &&
    (!asked.operationName || (definition.name && definition.name.value === asked.operationName)));
  if (!operation || operation.operation !== 'subscription') {
    return fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(asked),
    }).then((response) => response.json());
  }
  const answers = [];
  let wake = () => {};
  let over = false;
  const end = () => { over = true; wake(); };
  const tell = (answer) => { answers.push(answer); wake(); };
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: 'connection_init', payload: {
    authorization: headers[name('authorization')],
    'accept-language': headers[name('accept-language')] || navigator.language,
  } });
  socket.onmessage = ({ data }) => {
    const { type, payload } = JSON.parse(data);
    if (type === 'connection_ack') send({ type: 'subscribe', id: '1', payload: asked });
    else if (type === 'ping') send({ type: 'pong' });
    else if (type === 'next') tell(payload);
    else if (type === 'error') { tell({ errors: payload }); end(); }
    else if (type === 'complete') end();
  };
  socket.onclose = ({ code, reason }) => {
    if (!over) tell({ errors: [{ message: 'The connection ended: ' + code + ' ' + reason }] });
    end();
  };
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      while (answers.length === 0 && !over) await new Promise((resolve) => { wake = resolve; });
      if (answers.length > 0) return { done: false, value: answers.shift() };
      socket.close();
      return { done: true, value: undefined };
    },
    async return() { end(); socket.close(); return { done: true, value: undefined }; },
  };
}`;
