/** Options whose value is of one simple type: RFC 2132 and later (IANA: BOOTP Vendor Extensions and DHCP Options). */
import type { ValueNames } from '../../field.ts'

/** How a value is read: a number, or one after another in a list; text; addresses. */
export type OptionKind =
  | 'ipv4'
  | 'ipv4_list'
  | 'string'
  | 'boolean'
  | 'uint8'
  | 'uint8_list'
  | 'uint16'
  | 'uint16_list'
  | 'uint32'
  | 'int32'

/** Types of message, in option 53. */
export const MESSAGE_TYPES: ValueNames = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NAK',
  7: 'Release',
  8: 'Inform',
  9: 'Force Renew',
  10: 'Lease query',
  11: 'Lease Unassigned',
  12: 'Lease Unknown',
  13: 'Lease Active',
  14: 'Bulk Lease Query',
  15: 'Lease Query Done',
  16: 'Active LeaseQuery',
  17: 'Lease Query Status',
  18: 'TLS',
}

/** Code, kind, field, what it is. */
export const SIMPLE_OPTIONS: readonly (readonly [number, OptionKind, string, string])[] = [
  [1, 'ipv4', 'dhcp.option.subnet_mask', 'Subnet Mask'],
  [2, 'int32', 'dhcp.option.time_offset', 'Time Offset'],
  [3, 'ipv4_list', 'dhcp.option.router', 'Router'],
  [4, 'ipv4_list', 'dhcp.option.time_server', 'Time Server'],
  [5, 'ipv4_list', 'dhcp.option.name_server', 'Name Server'],
  [6, 'ipv4_list', 'dhcp.option.domain_name_server', 'Domain Name Server'],
  [7, 'ipv4_list', 'dhcp.option.log_server', 'Log Server'],
  [8, 'ipv4_list', 'dhcp.option.quotes_server', 'Quotes Server'],
  [9, 'ipv4_list', 'dhcp.option.lpr_server', 'LPR Server'],
  [10, 'ipv4_list', 'dhcp.option.impress_server', 'Impress Server'],
  [11, 'ipv4_list', 'dhcp.option.resource_location_server', 'Resource Location Server'],
  [12, 'string', 'dhcp.option.hostname', 'Host Name'],
  [13, 'uint16', 'dhcp.option.boot_file_size', 'Boot File Size'],
  [14, 'string', 'dhcp.option.merit_dump_file', 'Merit Dump File'],
  [15, 'string', 'dhcp.option.domain_name', 'Domain Name'],
  [16, 'ipv4', 'dhcp.option.swap_server', 'Swap Server'],
  [17, 'string', 'dhcp.option.root_path', 'Root Path'],
  [18, 'string', 'dhcp.option.extension_path', 'Extensions Path'],
  [19, 'boolean', 'dhcp.option.ip_forwarding', 'IP Forwarding'],
  [20, 'boolean', 'dhcp.option.non_local_source_routing', 'Non-Local Source Routing'],
  [22, 'uint16', 'dhcp.option.max_datagram_reassembly_size', 'Maximum Datagram Reassembly Size'],
  [23, 'uint8', 'dhcp.option.default_ip_ttl', 'Default IP Time-to-Live'],
  [24, 'uint32', 'dhcp.option.path_mtu_aging_timeout', 'Path MTU Aging Timeout'],
  [25, 'uint16_list', 'dhcp.option.path_mtu_plateau_table_item', 'Path MTU Plateau Table Item'],
  [26, 'uint16', 'dhcp.option.interface_mtu', 'Interface MTU'],
  [27, 'boolean', 'dhcp.option.all_subnets_are_local', 'All Subnets are Local'],
  [28, 'ipv4', 'dhcp.option.broadcast_address', 'Broadcast Address'],
  [29, 'boolean', 'dhcp.option.perform_mask_discovery', 'Perform Mask Discovery'],
  [30, 'boolean', 'dhcp.option.mask_supplier', 'Mask Supplier'],
  [31, 'boolean', 'dhcp.option.perform_router_discover', 'Perform Router Discover'],
  [32, 'ipv4', 'dhcp.option.router_solicitation_address', 'Router Solicitation Address'],
  [34, 'boolean', 'dhcp.option.trailer_encapsulation', 'Trailer Encapsulation'],
  [35, 'uint32', 'dhcp.option.arp_cache_timeout', 'ARP Cache Timeout'],
  [36, 'boolean', 'dhcp.option.ethernet_encapsulation', 'Ethernet Encapsulation'],
  [37, 'uint8', 'dhcp.option.tcp_default_ttl', 'TCP Default TTL'],
  [38, 'uint32', 'dhcp.option.tcp_keepalive_interval', 'TCP Keepalive Interval'],
  [39, 'boolean', 'dhcp.option.tcp_keepalive_garbage', 'TCP Keepalive Garbage'],
  [40, 'string', 'dhcp.option.nis_domain', 'Network Information Service Domain'],
  [41, 'ipv4_list', 'dhcp.option.nis_server', 'Network Information Service Server'],
  [42, 'ipv4_list', 'dhcp.option.ntp_server', 'Network Time Protocol Server'],
  [44, 'ipv4_list', 'dhcp.option.netbios_over_tcpip_name_server', 'NetBIOS over TCP/IP Name Server'],
  [
    45,
    'ipv4_list',
    'dhcp.option.netbios_over_tcpip_dd_name_server',
    'NetBIOS over TCP/IP Datagram Distribution Name Server',
  ],
  [46, 'uint8', 'dhcp.option.netbios_over_tcpip_node_type', 'NetBIOS over TCP/IP Node Type'],
  [47, 'string', 'dhcp.option.netbios_over_tcpip_scope', 'NetBIOS over TCP/IP Scope'],
  [48, 'ipv4_list', 'dhcp.option.xwindows_system_font_server', 'X Window System Font Server'],
  [49, 'ipv4_list', 'dhcp.option.xwindows_system_display_manager', 'X Window System Display Manager'],
  [50, 'ipv4', 'dhcp.option.requested_ip_address', 'Requested IP Address'],
  [51, 'uint32', 'dhcp.option.ip_address_lease_time', 'IP Address Lease Time'],
  [52, 'uint8', 'dhcp.option.option_overload', 'Option Overload'],
  [53, 'uint8', 'dhcp.option.dhcp', 'DHCP'],
  [54, 'ipv4', 'dhcp.option.dhcp_server_id', 'DHCP Server Identifier'],
  [55, 'uint8_list', 'dhcp.option.request_list_item', 'Parameter Request List Item'],
  [56, 'string', 'dhcp.option.message', 'Message'],
  [57, 'uint16', 'dhcp.option.dhcp_max_message_size', 'Maximum DHCP Message Size'],
  [58, 'uint32', 'dhcp.option.renewal_time_value', 'Renewal Time Value'],
  [59, 'uint32', 'dhcp.option.rebinding_time_value', 'Rebinding Time Value'],
  [60, 'string', 'dhcp.option.vendor_class_id', 'Vendor class identifier'],
  [62, 'string', 'dhcp.option.novell_netware_ip_domain', 'Novell/Netware IP domain'],
  [64, 'string', 'dhcp.option.nis_plus_domain', 'Network Information Service+ Domain'],
  [65, 'ipv4_list', 'dhcp.option.nis_plus_server', 'Network Information Service+ Server'],
  [66, 'string', 'dhcp.option.tftp_server_name', 'TFTP Server Name'],
  [67, 'string', 'dhcp.option.bootfile_name', 'Bootfile name'],
  [68, 'ipv4_list', 'dhcp.option.mobile_ip_home_agent', 'Mobile IP Home Agent'],
  [69, 'ipv4_list', 'dhcp.option.smtp_server', 'SMTP Server'],
  [70, 'ipv4_list', 'dhcp.option.pop3_server', 'POP3 Server'],
  [71, 'ipv4_list', 'dhcp.option.nntp_server', 'NNTP Server'],
  [72, 'ipv4_list', 'dhcp.option.default_www_server', 'Default WWW Server'],
  [73, 'ipv4_list', 'dhcp.option.default_finger_server', 'Default Finger Server'],
  [74, 'ipv4_list', 'dhcp.option.default_irc_server', 'Default IRC Server'],
  [75, 'ipv4_list', 'dhcp.option.streettalk_server', 'StreetTalk Server'],
  [76, 'ipv4_list', 'dhcp.option.streettalk_da_server', 'StreetTalk Directory Assistance Server'],
  [100, 'string', 'dhcp.option.tz_pcode', 'TZ PCode'],
  [101, 'string', 'dhcp.option.tz_tcode', 'TZ TCode'],
  [116, 'uint8', 'dhcp.option.dhcp_auto_configuration', 'DHCP Auto-Configuration'],
  [118, 'ipv4_list', 'dhcp.option.subnet_selection_option', 'Subnet Selection Option'],
  [138, 'ipv4_list', 'dhcp.option.capwap_access_controller', 'CAPWAP Access Controllers'],
  [150, 'ipv4_list', 'dhcp.option.tftp_server_address', 'TFTP Server Address'],
  [252, 'string', 'dhcp.option.private_proxy_autodiscovery', 'Private/Proxy autodiscovery'],
]
