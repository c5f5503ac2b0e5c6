package machine

import "syscall"

// cpuModel returns the name of the processor, or "".
func cpuModel() string {
	name, err := syscall.Sysctl("machdep.cpu.brand_string")
	if err != nil {
		return ""
	}
	return name
}
