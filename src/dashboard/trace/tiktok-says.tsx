/** TikTok's own code, message and request id, as it sent them. */
export function TikTokSays({ answer }: { answer: { code?: number; message?: string; requestId?: string } }) {
  if (answer.code === undefined && answer.message === undefined && answer.requestId === undefined) return null;
  return (
    <p class="quiet">
      TikTok: {answer.code !== undefined && <b>code {answer.code}</b>} {answer.message}{' '}
      {answer.requestId && <span class="id">request {answer.requestId}</span>}
    </p>
  );
}
