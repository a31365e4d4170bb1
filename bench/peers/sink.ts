// TikTok at its most agreeable: takes every body to its end, looks at none, and answers code 0. It must cost less than a sender.
import { createServer } from 'node:net';

const BODY = '{"code":0,"message":"OK","request_id":"202608011200000000000000000000000000","data":{}}';
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

const server = createServer((socket) => {
  let head = '';
  let left = 0;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        const end = chunk.indexOf('\r\n\r\n', Math.max(0, at - 3));
        head += chunk.toString('latin1', at, end < 0 ? chunk.length : end + 4);
        if (end < 0) return;
        at = end + 4;
        left = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        head = '';
      }
      const taken = Math.min(left, chunk.length - at);
      left -= taken;
      at += taken;
      if (left === 0) socket.write(ANSWER);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
