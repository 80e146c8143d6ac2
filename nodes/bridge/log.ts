import type { Logger } from 'n8n-workflow';
import type { Log } from '../../mail/ports';

/** n8n's log, each line named after what speaks. */
export function toLog(logger: Logger, speaker: string): Log {
	const line = (message: string) => `${speaker}: ${message}`;
	return {
		debug: (message) => logger.debug(line(message)),
		info: (message) => logger.info(line(message)),
		warn: (message) => logger.warn(line(message)),
		error: (message) => logger.error(line(message)),
	};
}
