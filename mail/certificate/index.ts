export { openCertificate, type OpenCertificate } from './certificate';
export { type CertificateFacts, describeOpenCertificate, toCertificateFacts } from './description';
export { certificateError, certificateFaults, type CertificateFault } from './fault';
export { toBase64 as toPfxBase64 } from './pfx-text';
export { requireRsaKey, requireValid, toDaysLeft } from './validity';
