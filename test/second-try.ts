// Continuous integration runs on machines that now and then stand still for seconds. There a test that failed is tried
// once more, its first failure stays in the output, and tools/test.mjs names it: it is to be mended all the same.
if (process.env['CI'] !== undefined) jest.retryTimes(1, { logErrorsBeforeRetry: true });
