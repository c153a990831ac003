/**
 * A body whose first bytes are there. What fails before them is thrown, and answered with its own status and code; what fails behind them cuts the
 * body off.
 */
export async function begun(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const pass = (
    controller: ReadableStreamDefaultController<Uint8Array>,
    { value, done }: ReadableStreamReadResult<Uint8Array>,
  ) => (done ? controller.close() : controller.enqueue(value));
  const first = await reader.read();
  return new ReadableStream({
    start: (controller) => pass(controller, first),
    pull: async (controller) => pass(controller, await reader.read()),
    cancel: (reason) => reader.cancel(reason),
  });
}
