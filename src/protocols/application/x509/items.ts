/** The fields of certificates, as Wireshark names them after the ASN.1 modules of X.509, X.520 and RFC 5280. */
import { type Item, item } from '../../scan.ts'

const none = (name: string, description: string): Item => item('none', name, description)
const count = (name: string, description: string): Item => item('uint32', name, description)
const text = (name: string, description: string): Item => item('string', name, description)
const octets = (name: string, description: string): Item => item('bytes', name, description)
const bit = (name: string): Item => item('boolean', `x509ce.KeyUsage.${name}`, name)

export const certificate = {
  signed: none('x509af.signedCertificate_element', 'signedCertificate'),
  version: item('int32', 'x509af.version', 'version; one less than said', { values: { 0: 'v1', 1: 'v2', 2: 'v3' } }),
  serialNumber: octets('x509af.serialNumber', 'serialNumber; unique to the issuer'),
  signature: none('x509af.signature_element', 'signature'),
  algorithmId: text('x509af.algorithm.id', 'Algorithm Id; an object identifier'),
  issuer: count('x509af.issuer', 'issuer'),
  validity: none('x509af.validity_element', 'validity'),
  notBefore: count('x509af.notBefore', 'notBefore; 0: in UTC time, 1: in generalized time'),
  notAfter: count('x509af.notAfter', 'notAfter; 0: in UTC time, 1: in generalized time'),
  utcTime: text('x509af.utcTime', 'utcTime; when validity begins, and when it ends'),
  generalizedTime: item('absolute_time', 'x509af.generalizedTime', 'generalizedTime; the same from 2050 on'),
  subject: count('x509af.subject', 'subject'),
  subjectSequence: count('x509af.rdnSequence', 'rdnSequence; parts of the name of the subject'),
  publicKeyInfo: none('x509af.subjectPublicKeyInfo_element', 'subjectPublicKeyInfo'),
  algorithm: none('x509af.algorithm_element', 'algorithm'),
  publicKey: octets('x509af.subjectPublicKey', 'subjectPublicKey'),
  modulus: octets('pkcs1.modulus', 'modulus; of an RSA key'),
  publicExponent: item('int32', 'pkcs1.publicExponent', 'publicExponent; of an RSA key'),
  extensions: count('x509af.extensions', 'extensions; how many'),
  extension: none('x509af.Extension_element', 'Extension'),
  extensionId: text('x509af.extension.id', 'Extension Id; an object identifier'),
  critical: item('boolean', 'x509af.critical', 'critical; who does not know it must reject the certificate'),
  algorithmIdentifier: none('x509af.algorithmIdentifier_element', 'algorithmIdentifier'),
  encrypted: octets('x509af.encrypted', 'encrypted; the signature'),
}

export const name = {
  sequence: count('x509if.rdnSequence', 'rdnSequence; parts of a name'),
  part: count('x509if.RDNSequence_item', 'RDNSequence item'),
  attribute: none('x509if.RelativeDistinguishedName_item_element', 'RelativeDistinguishedName item'),
  type: text('x509if.oid', 'Object Id; 2.5.4.3 is the common name, 2.5.4.10 the organization'),
  country: text('x509sat.CountryName', 'CountryName'),
  directory: count('x509sat.DirectoryString', 'DirectoryString; which kind of text follows'),
  teletex: text('x509sat.teletexString', 'teletexString'),
  printable: text('x509sat.printableString', 'printableString; a part of the name of issuer or subject'),
  universal: text('x509sat.universalString', 'universalString'),
  bmp: text('x509sat.bmpString', 'bmpString'),
  utf8: text('x509sat.uTF8String', 'uTF8String; a part of the name of issuer or subject'),
  ia5: text('x509sat.IA5String', 'IA5String; an electronic mail address, a domain component'),
}

export const general = {
  names: count('x509ce.GeneralNames', 'GeneralNames; how many'),
  name: count('x509ce.GeneralName', 'GeneralName; which kind follows'),
  mail: text('x509ce.rfc822Name', 'rfc822Name'),
  domain: text('x509ce.dNSName', 'dNSName; a host that the certificate is for'),
  directory: count('x509ce.directoryName', 'directoryName'),
  uri: text('x509ce.uniformResourceIdentifier', 'uniformResourceIdentifier'),
  ipv4: item('ipv4', 'x509ce.IPAddress.ipv4', 'iPAddress'),
  ipv6: item('ipv6', 'x509ce.IPAddress.ipv6', 'iPAddress'),
  registered: text('x509ce.registeredID', 'registeredID; an object identifier'),
}

export const usage = {
  all: octets('x509ce.KeyUsage', 'KeyUsage; what the key may be used for'),
  bits: [
    bit('digitalSignature'),
    bit('contentCommitment'),
    bit('keyEncipherment'),
    bit('dataEncipherment'),
    bit('keyAgreement'),
    bit('keyCertSign'),
    bit('cRLSign'),
    bit('encipherOnly'),
    bit('decipherOnly'),
  ],
  purposes: count('x509ce.KeyPurposeIDs', 'KeyPurposeIDs; how many'),
  purpose: text('x509ce.KeyPurposeId', 'KeyPurposeId; 1.3.6.1.5.5.7.3.1 is TLS server authentication'),
}

export const extension = {
  subjectKey: octets('x509ce.SubjectKeyIdentifier', 'SubjectKeyIdentifier'),
  authorityKey: none('x509ce.AuthorityKeyIdentifier_element', 'AuthorityKeyIdentifier'),
  keyIdentifier: octets('x509ce.keyIdentifier', 'keyIdentifier; of the key that signed'),
  authorityIssuer: count('x509ce.authorityCertIssuer', 'authorityCertIssuer'),
  authoritySerial: octets('x509ce.authorityCertSerialNumber', 'authorityCertSerialNumber'),
  constraints: none('x509ce.BasicConstraintsSyntax_element', 'BasicConstraintsSyntax'),
  isAuthority: item('boolean', 'x509ce.cA', 'cA; the certificate is of an authority'),
  pathLength: item('uint64', 'x509ce.pathLenConstraint', 'pathLenConstraint; authorities that may follow'),
  distributionPoints: count('x509ce.CRLDistPointsSyntax', 'CRLDistPointsSyntax; how many'),
  distributionPoint: none('x509ce.DistributionPoint_element', 'DistributionPoint'),
  distributionName: count('x509ce.distributionPoint', 'distributionPoint'),
  fullName: count('x509ce.fullName', 'fullName'),
  policies: count('x509ce.CertificatePoliciesSyntax', 'CertificatePoliciesSyntax; how many'),
  policy: none('x509ce.PolicyInformation_element', 'PolicyInformation'),
  policyId: text('x509ce.policyIdentifier', 'policyIdentifier; 2.23.140.1.2.1 is domain validated'),
  qualifiers: count('x509ce.policyQualifiers', 'policyQualifiers; how many'),
  qualifier: none('x509ce.PolicyQualifierInfo_element', 'PolicyQualifierInfo'),
  qualifierId: text('x509ce.id', 'Id; of a policy qualifier'),
  practice: text('pkix1explicit.DirectoryString', 'DirectoryString; where to read of the practice'),
  access: count('pkix1implicit.AuthorityInfoAccessSyntax', 'AuthorityInfoAccessSyntax; how many'),
  accessDescription: none('pkix1implicit.AccessDescription_element', 'AccessDescription'),
  accessMethod: text('pkix1implicit.accessMethod', 'accessMethod; 1.3.6.1.5.5.7.48.1 is OCSP'),
  accessLocation: count('pkix1implicit.accessLocation', 'accessLocation'),
}

export const certificateItems: readonly Item[] = [
  ...Object.values(certificate),
  ...Object.values(name),
  ...Object.values(general),
  ...[usage.all, ...usage.bits, usage.purposes, usage.purpose],
  ...Object.values(extension),
]
